using System.CommandLine;
using System.Text;
using System.Text.Json;
using Tuppence.Configuration;
using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Loading;

namespace Tuppence.Commands;

/// <summary><c>tuppence config</c>: the effective values with their origin, secrets masked.</summary>
internal static class ConfigCommand
{
    public static Command Describe(SettingFlags settings, Terminal terminal, Func<IReadOnlyList<FlagSetting>, string?, ConfigurationSource> source)
    {
        var json = new Option<bool>("--json") { Description = "Print as JSON." };
        var check = new Option<bool>("--check") { Description = "Only check; exit code 0 where all is right, 78 where not." };
        var command = new Command("config", "Prints the effective configuration with the origin of each value, secrets masked.") { json, check };
        settings.AddTo(command);
        command.SetAction(parsed =>
        {
            var result = source(settings.Read(parsed), settings.ConfigFile(parsed)).Load();
            if (result.Loaded is not { } loaded)
            {
                ErrorReport.Write(terminal.Error, result.Errors, "It would not start.", terminal.Alarm);
                return ExitCode.Config;
            }

            if (!parsed.GetValue(check))
            {
                terminal.Output.Write(parsed.GetValue(json) ? Json(loaded) : Table(loaded, terminal));
            }

            foreach (var warning in loaded.Warnings)
            {
                terminal.Error.WriteLine($"warning: {warning}");
            }

            if (parsed.GetValue(check))
            {
                terminal.Output.WriteLine($"The configuration is right: {loaded.File ?? "no file"}.");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static string Table(LoadedConfiguration loaded, Terminal terminal)
    {
        var rows = new List<(string Key, string Value, string Origin)>();
        foreach (var setting in GatewaySettings.All)
        {
            rows.Add((setting.Key, setting.Show(loaded.Config), loaded.OriginOf(setting.Key).ToString()));
        }

        foreach (var (prefix, upstream, setting) in Inside(loaded))
        {
            rows.Add((prefix + setting.Key, setting.Show(upstream), loaded.OriginOf(prefix + setting.Key).ToString()));
        }

        var keys = rows.Max(row => row.Key.Length);
        var values = Math.Min(60, rows.Max(row => row.Value.Length));
        var text = new StringBuilder().Append("file: ").AppendLine(loaded.File ?? "none").AppendLine();
        foreach (var (key, value, origin) in rows)
        {
            text.Append(key.PadRight(keys)).Append("  ").Append(value.PadRight(values)).Append("  ").AppendLine(origin == "default" ? terminal.Faint(origin) : origin);
        }

        return text.ToString();
    }

    private static string Json(LoadedConfiguration loaded)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("file", loaded.File);
            writer.WriteStartObject("values");
            foreach (var setting in GatewaySettings.All)
            {
                Member(writer, loaded, setting, setting.Key, loaded.Config);
            }

            foreach (var (prefix, upstream, setting) in Inside(loaded))
            {
                Member(writer, loaded, setting, prefix + setting.Key, upstream);
            }

            writer.WriteEndObject();
            writer.WriteStartArray("warnings");
            foreach (var warning in loaded.Warnings)
            {
                writer.WriteStringValue(warning);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Member<TOwner>(Utf8JsonWriter writer, LoadedConfiguration loaded, Setting<TOwner> setting, string key, TOwner owner)
        where TOwner : new()
    {
        writer.WriteStartObject(key);
        writer.WritePropertyName("value");
        setting.Write(writer, owner);
        writer.WriteString("origin", loaded.OriginOf(key).ToString());
        writer.WriteEndObject();
    }

    // Of an upstream only what says something: its address, and what differs from the default.
    private static IEnumerable<(string Prefix, UpstreamConfig Upstream, Setting<UpstreamConfig> Setting)> Inside(LoadedConfiguration loaded)
    {
        var nothing = new UpstreamConfig();
        foreach (var (name, upstream) in loaded.Config.Upstreams.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            foreach (var setting in UpstreamSettings.All)
            {
                if (!setting.Same(upstream, nothing) || loaded.Origins.ContainsKey($"upstreams.{name}.{setting.Key}"))
                {
                    yield return ($"upstreams.{name}.", upstream, setting);
                }
            }
        }
    }
}
