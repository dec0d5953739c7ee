using System.CommandLine;
using Tuppence.Configuration;
using Tuppence.Configuration.Loading;

namespace Tuppence.Commands;

/// <summary><c>tuppence record FILE</c>: serves the gateway, and adds a line to FILE for each planned request.</summary>
internal static class RecordCommand
{
    public static Command Describe(IHosts hosts, SettingFlags settings, Terminal terminal, Func<IReadOnlyList<FlagSetting>, string?, ConfigurationSource> source)
    {
        var file = new Argument<string?>("FILE") { Arity = ArgumentArity.ZeroOrOne, Description = "Trace to add to; made with access for you alone where it is not there." };
        var bodies = new Option<bool>("--bodies") { Description = "Write the requests themselves, for tuppence replay. They are private text: for your own use only." };
        var command = new Command("record", "Serves the gateway and records what passes: salted hashes, token counts, times and usage, no content.") { file, bodies };
        settings.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            if (parsed.GetValue(file) is not { } path)
            {
                terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + "record needs the FILE that the trace is added to, as in tuppence record trace.jsonl.");
                return Task.FromResult(ExitCode.Usage);
            }

            List<FlagSetting> flags = [.. settings.Read(parsed), new FlagSetting("FILE", "cache.record", [path])];
            if (parsed.GetValue(bodies))
            {
                flags.Add(new FlagSetting(bodies.Name, "cache.record_bodies", ["true"]));
            }

            return new ServeCommand(hosts, terminal).RunAsync(source(flags, settings.ConfigFile(parsed)), stop);
        });
        return command;
    }
}
