using Tuppence.ClaudeCode;
using Tuppence.Configuration;
using Tuppence.Hosting;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Commands;

/// <summary><c>tuppence logout</c>: tells the issuer, then forgets the tokens.</summary>
internal sealed class LogoutCommand(Terminal terminal, IGrantKeeper keeper, TimeProvider time)
{
    /// <summary>Signs out; exit code 1 where tokens are still here. Tokens that the issuer did not revoke are told of.</summary>
    public async Task<int> RunAsync(GatewayConfig config, string? wanted, bool all, CancellationToken stop)
    {
        if (wanted == ClaudeCodeConfig.Upstream && config.ClaudeCode.Enabled)
        {
            return ProgramStatus.Tell(terminal, ProgramWords.Logout(config.ClaudeCode));
        }

        var names = (await keeper.ListAsync(stop)).Entries.Select(static entry => entry.Grant.Upstream).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (wanted is null && !all && names.Count > 1)
        {
            terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + $"someone is signed in for several upstreams; name one, or give --all: {string.Join(", ", names)}.");
            return ExitCode.Usage;
        }

        var chosen = wanted is null ? names : [wanted];
        if (chosen.Count == 0)
        {
            terminal.Output.WriteLine("Nobody is signed in.");
        }

        var code = ExitCode.Success;
        foreach (var name in chosen)
        {
            var entry = config.Upstreams.GetValueOrDefault(name);
            using var http = OAuthTransport.Create(entry is null ? null : GatewayBuilder.ProxyOf(entry), ProductVersion.UserAgent, time);
            var result = await new SignOut(keeper, http).RunAsync(name, entry?.SignIn.ClientSecret, stop);
            code = Math.Max(code, Tell(name, result));
        }

        return code;
    }

    private int Tell(string name, SignOutResult result)
    {
        if (!result.WasSignedIn)
        {
            terminal.Output.WriteLine($"{name}: nobody was signed in.");
            return ExitCode.Success;
        }

        foreach (var left in result.NotRevoked)
        {
            terminal.Error.WriteLine($"{name}: {left}");
        }

        if (result.NotDeleted is { } problem)
        {
            terminal.Error.WriteLine(terminal.Alarm($"{name}: ") + $"the tokens are still on this machine: {problem}");
            return ExitCode.Failure;
        }

        terminal.Output.WriteLine($"{name}: signed out; the tokens are gone from this machine{(result.NotRevoked.Count == 0 ? " and revoked at the issuer" : "")}.");
        return ExitCode.Success;
    }
}
