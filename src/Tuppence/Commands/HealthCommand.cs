using System.CommandLine;
using Tuppence.Configuration.Loading;

namespace Tuppence.Commands;

/// <summary><c>tuppence health</c>: asks the gateway of this configuration, on this machine, whether it is well. For containers and services.</summary>
internal static class HealthCommand
{
    public static Command Describe(SettingFlags settings, Terminal terminal, Func<IReadOnlyList<Configuration.FlagSetting>, string?, ConfigurationSource> source, TimeProvider time)
    {
        var command = new Command("health", "Asks the running gateway whether it is well; exit code 0 where it is, 1 where not.");
        settings.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var result = source(settings.Read(parsed), settings.ConfigFile(parsed)).Load();
            if (result.Loaded is not { } loaded)
            {
                ErrorReport.Write(terminal.Error, result.Errors, "Which gateway to ask is not known.", terminal.Alarm);
                return ExitCode.Config;
            }

            var (_, _, problem) = await new RunningGateway(loaded.Config, time).GetAsync("/health", stop);
            terminal.Output.WriteLine(problem ?? "ok");
            return problem is null ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }
}
