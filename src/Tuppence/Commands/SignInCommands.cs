using System.CommandLine;
using System.Runtime.InteropServices;
using Tuppence.Configuration;
using Tuppence.Configuration.Loading;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Commands;

/// <summary>Describes <c>tuppence login</c>, <c>logout</c> and <c>status</c>, and gives each what it needs.</summary>
internal sealed class SignInCommands(
    SettingFlags settings,
    Terminal terminal,
    Surroundings surroundings,
    Func<IReadOnlyList<FlagSetting>, string?, ConfigurationSource> source,
    TimeProvider time,
    Func<LoadedConfiguration, IGrantKeeper?> keepers)
{
    /// <summary><c>tuppence login</c>.</summary>
    public Command Login()
    {
        var upstream = Upstream("Upstream to sign in for. Left out: the only one that has a sign-in.");
        var device = new Option<bool>("--device") { Description = "Sign in with a code that is typed on any device." };
        var noBrowser = new Option<bool>("--no-browser") { Description = "Print the address and open nothing." };
        var accept = new Option<bool>("--accept-changes") { Description = "Agree that the issuer's endpoints are others than at the last sign-in." };
        var command = new Command("login", "Signs in for an upstream, in the browser or with a code.") { upstream, device, noBrowser, accept };
        return Complete(command, (parsed, loaded, keeper, stop) => new LoginCommand(terminal, surroundings, keeper, time)
            .RunAsync(loaded.Config, parsed.GetValue(upstream), new LoginOptions(parsed.GetValue(device), parsed.GetValue(noBrowser), parsed.GetValue(accept)), stop));
    }

    /// <summary><c>tuppence logout</c>.</summary>
    public Command Logout()
    {
        var upstream = Upstream("Upstream to sign out of. Left out: the only one where someone is signed in.");
        var all = new Option<bool>("--all") { Description = "Sign out everywhere." };
        var command = new Command("logout", "Signs out: revokes the tokens at the issuer and forgets them.") { upstream, all };
        return Complete(command, (parsed, loaded, keeper, stop) => new LogoutCommand(terminal, keeper, time).RunAsync(loaded.Config, parsed.GetValue(upstream), parsed.GetValue(all), stop));
    }

    /// <summary><c>tuppence status</c>.</summary>
    public Command Status()
    {
        var json = new Option<bool>("--json") { Description = "Print as JSON." };
        var command = new Command("status", "Tells who is signed in where, and what is spent of each budget; exit code 1 where a sign-in is needed.") { json };
        return Complete(command, (parsed, loaded, keeper, stop) => new StatusCommand(terminal, keeper, time).RunAsync(loaded.Config, parsed.GetValue(json), stop));
    }

    private static Argument<string?> Upstream(string description) =>
        new("UPSTREAM") { Description = description, Arity = ArgumentArity.ZeroOrOne };

    private Command Complete(Command command, Func<ParseResult, LoadedConfiguration, IGrantKeeper, CancellationToken, Task<int>> runAsync)
    {
        settings.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var result = source(settings.Read(parsed), settings.ConfigFile(parsed)).Load(listens: false);
            if (result.Loaded is not { } loaded)
            {
                ErrorReport.Write(terminal.Error, result.Errors, "Nothing was done.", terminal.Alarm);
                return ExitCode.Config;
            }

            if (keepers(loaded) is not { } keeper)
            {
                terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + "sign-ins cannot be kept here.");
                return ExitCode.Failure;
            }

            return await InterruptibleAsync(token => runAsync(parsed, loaded, keeper, token), stop);
        });
        return command;
    }

    /// <summary>Ctrl-C and SIGTERM end it in order.</summary>
    private async Task<int> InterruptibleAsync(Func<CancellationToken, Task<int>> runAsync, CancellationToken stop)
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(stop);
        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        try
        {
            return await runAsync(interrupted.Token);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            terminal.Error.WriteLine();
            terminal.Error.WriteLine("Given up; nothing was changed.");
            return ExitCode.Interrupted;
        }
    }
}
