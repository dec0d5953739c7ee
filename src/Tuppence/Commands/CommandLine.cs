using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Tuppence.Configuration;
using Tuppence.Configuration.Loading;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Commands;

/// <summary>The command line: what was typed, and the command that answers it.</summary>
/// <param name="hosts">The servers that commands start.</param>
/// <param name="terminal">Where to write.</param>
/// <param name="surroundings">Environment and directories.</param>
/// <param name="time">Clock of the configuration source.</param>
/// <param name="keepers">Where the sign-ins of a configuration are kept; null, or giving null: nowhere.</param>
public sealed class CommandLine(IHosts hosts, Terminal terminal, Surroundings surroundings, TimeProvider time, Func<LoadedConfiguration, IGrantKeeper?>? keepers = null)
{
    /// <summary>Runs the command that <paramref name="args"/> name and gives the exit code.</summary>
    public Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(args);

        // Nothing typed is the usual way to start and needs no parser.
        if (args.Count == 0)
        {
            return new ServeCommand(hosts, terminal).RunAsync(Source([], null), stop);
        }

        var parsed = Tree().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + error.Message);
            }

            terminal.Error.WriteLine("tuppence --help lists the commands and flags.");
            return Task.FromResult(ExitCode.Usage);
        }

        // Signals belong to the server, which drains: no handler of the parser's may end the process after two seconds.
        return parsed.InvokeAsync(new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, stop);
    }

    private RootCommand Tree()
    {
        var settings = new SettingFlags();
        var root = new RootCommand("A local gateway for Claude's Messages API.");
        settings.AddTo(root);
        root.SetAction((parsed, stop) => new ServeCommand(hosts, terminal).RunAsync(Source(settings.Read(parsed), settings.ConfigFile(parsed)), stop));

        root.Add(EmulateCommand.Describe(hosts, terminal));
        root.Add(ConfigCommand.Describe(settings, terminal, Source));
        var signIns = new SignInCommands(settings, terminal, surroundings, Source, time, keepers ?? (static _ => null));
        root.Add(signIns.Login());
        root.Add(signIns.Logout());
        root.Add(signIns.Status());
        root.Add(RecordCommand.Describe(hosts, settings, terminal, Source));
        root.Add(ExplainCommand.Describe(settings, terminal, Source, time));
        root.Add(new UsageReports.UsageCommand(terminal, surroundings.WorkingDirectory, time).Describe(settings, Source));
        root.Add(HealthCommand.Describe(settings, terminal, Source, time));
        root.Add(new Replays.ReplayCommand(terminal, surroundings.WorkingDirectory).Describe());
        root.Add(new Benchmarks.BenchCacheCommand(terminal, surroundings.WorkingDirectory).Describe());
        root.Add(VersionCommand.Describe(terminal));

        foreach (var option in root.Options)
        {
            switch (option)
            {
                case HelpOption help:
                    help.Action = new Written(terminal, HelpText.Write);
                    break;
                case VersionOption version:
                    version.Action = new Written(terminal, (_, shown) => shown.Output.WriteLine(VersionCommand.Text));
                    break;
            }
        }

        return root;
    }

    private ConfigurationSource Source(IReadOnlyList<FlagSetting> flags, string? file) => new(surroundings, flags, file, time);

    private sealed class Written(Terminal terminal, Action<Command, Terminal> write) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            write(parseResult.CommandResult.Command, terminal);
            return ExitCode.Success;
        }
    }
}
