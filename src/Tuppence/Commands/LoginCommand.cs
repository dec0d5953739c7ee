using System.Security.Cryptography;
using Tuppence.ClaudeCode;
using Tuppence.Configuration;
using Tuppence.Hosting;
using Tuppence.SignIn;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Commands;

/// <summary><c>tuppence login</c>: one sign-in, from the issuer's metadata to the kept tokens.</summary>
internal sealed class LoginCommand(Terminal terminal, Surroundings surroundings, IGrantKeeper keeper, TimeProvider time)
{
    /// <summary>Signs in; gives the exit code.</summary>
    public async Task<int> RunAsync(GatewayConfig config, string? wanted, LoginOptions options, CancellationToken stop)
    {
        var names = Registrations.Names(config);
        if (wanted == ClaudeCodeConfig.Upstream && !names.Contains(wanted, StringComparer.Ordinal))
        {
            return config.ClaudeCode.Enabled
                ? ProgramStatus.Tell(terminal, ProgramWords.Login(config.ClaudeCode))
                : Refuse("the upstream claude-code is off: set claude_code.enabled to true to have it; docs/guide/claude-code-upstream.md says what that means.");
        }

        var name = wanted ?? (names.Count == 1 ? names[0] : names.Contains(config.Upstream ?? "", StringComparer.Ordinal) ? config.Upstream! : null);
        if (name is null || !names.Contains(name, StringComparer.Ordinal))
        {
            return Refuse(names.Count == 0 ? "no upstream has a sign-in: set sign_in.issuer of an upstream in the configuration; docs/guide/sign-in.md shows how."
                : $"{(name is null ? "several upstreams have a sign-in" : $"there is no upstream “{name}” with a sign-in")}; name one of: {string.Join(", ", names)}.");
        }

        var entry = config.Upstreams[name];
        using var http = OAuthTransport.Create(GatewayBuilder.ProxyOf(entry), ProductVersion.UserAgent, time);
        terminal.Output.WriteLine($"Signing in for the upstream “{name}” at {entry.SignIn.Issuer}");
        var (plan, problem) = await SignInPlan.MakeAsync(Registrations.Of(name, entry)!, new OAuthContext(http, time, RandomNumberGenerator.GetBytes), keeper, stop);
        if (plan is null)
        {
            return Refuse(problem!.Message);
        }

        foreach (var notice in plan.Notices.Concat(plan.Changes))
        {
            terminal.Output.WriteLine($"  {notice}");
        }

        if (plan.Changes.Count > 0 && !options.AcceptsChanges)
        {
            return Refuse("the issuer's endpoints have changed since the last sign-in. Ask whoever runs it whether that is meant; then: tuppence login --accept-changes.");
        }

        var canOpen = !options.NoBrowser && BrowserLaunch.IsPossible(surroundings);
        var device = !plan.OffersBrowser || options.Device || entry.SignIn.Flow == SignInFlow.Device
            || (entry.SignIn.Flow == SignInFlow.Auto && !options.NoBrowser && !canOpen && plan.OffersDevice);
        var result = device ? await WithCodeAsync(plan, stop) : await InBrowserAsync(plan, canOpen, stop);
        return result.IsSuccess ? Welcome(result) : Refuse(result.Problem.Message);
    }

    private async Task<SignInResult> InBrowserAsync(SignInPlan plan, bool canOpen, CancellationToken stop)
    {
        var (signIn, problem) = plan.StartBrowser();
        if (signIn is null)
        {
            return SignInResult.Of(problem!);
        }

        await using (signIn)
        {
            if (canOpen && BrowserLaunch.Open(signIn.Url.AbsoluteUri, surroundings))
            {
                terminal.Output.WriteLine("  Your browser opens. Where it does not, open this address:");
            }
            else
            {
                terminal.Output.WriteLine("  Open this address in a browser on this machine:");
            }

            terminal.Output.WriteLine($"  {signIn.Url.AbsoluteUri}");
            if (!BrowserLaunch.IsPossible(surroundings))
            {
                terminal.Output.WriteLine($"  The browser comes back to {signIn.RedirectUri}, which is this machine (in a container: the container). Over SSH, first run");
                terminal.Output.WriteLine($"  ssh -L {signIn.RedirectUri.Port}:{signIn.RedirectUri.Host}:{signIn.RedirectUri.Port} ... on the machine with the browser, and leave it open.");
            }

            terminal.Output.WriteLine($"  Waiting, {BrowserSignIn.Life.TotalMinutes:0} minutes at most. Ctrl-C gives up.");
            return await signIn.Completion.WaitAsync(stop);
        }
    }

    private async Task<SignInResult> WithCodeAsync(SignInPlan plan, CancellationToken stop)
    {
        var (signIn, problem) = await plan.StartDeviceAsync(stop);
        if (signIn is null)
        {
            return SignInResult.Of(problem!);
        }

        terminal.Output.WriteLine($"  On any device open {signIn.VerificationUri.AbsoluteUri}");
        terminal.Output.WriteLine($"  and enter the code {terminal.Strong(signIn.UserCode)}");
        if (terminal.IsWatched && QrImage.Of(signIn.DirectUri) is { } image)
        {
            terminal.Output.WriteLine();
            terminal.Output.Write(image.ToTerminal());
        }

        terminal.Output.WriteLine($"  Waiting until {signIn.ExpiresAt.UtcDateTime:HH:mm} UTC. Ctrl-C gives up.");
        return await signIn.WaitAsync(stop);
    }

    private int Welcome(SignInResult result)
    {
        var grant = result.Grant!;
        terminal.Output.WriteLine(terminal.Strong("Signed in") + (grant.Account.Length == 0 ? "." : $" as {grant.Account}."));
        if (grant.RefreshToken is null)
        {
            terminal.Output.WriteLine(grant.Lifetime is { } life
                ? $"The issuer gave no refresh token: you must sign in again at {(grant.IssuedAt + life).UtcDateTime:yyyy-MM-dd HH:mm} UTC. Scope offline_access usually asks for one."
                : "The issuer gave no refresh token: you must sign in again when the token ends. Scope offline_access usually asks for one.");
        }

        return ExitCode.Success;
    }

    private int Refuse(string message)
    {
        terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + message);
        return ExitCode.Failure;
    }
}
