using System.Globalization;
using System.Text;
using Tuppence.Configuration.Catalogue;

namespace Tuppence.Tests.Golden.Configuration;

/// <summary>Writes the configuration page of the manual, and the sample file, from the catalogue of settings.</summary>
internal static class ManualPage
{
    private static readonly string[] Groups = ["retry", "breaker", "timeouts", "limits", "cache", "budgets", "telemetry", "claude_code", "emulator"];

    private static readonly Dictionary<string, string> Titles = new(StringComparer.Ordinal)
    {
        [""] = "General",
        ["retry"] = "retry: when a request is sent again",
        ["breaker"] = "breaker: when a failing upstream is passed over",
        ["timeouts"] = "timeouts: how long things may take",
        ["limits"] = "limits: what clients may ask for",
        ["cache"] = "cache: the prompt cache",
        ["budgets"] = "budgets: what may be spent",
        ["telemetry"] = "telemetry: traces and metrics",
        ["claude_code"] = "claude_code: your own Claude Code program as an upstream",
        ["emulator"] = "emulator: the built-in offline Messages API",
    };

    public static string Write()
    {
        var page = new StringBuilder("""
            # Configuration

            <!-- Generated from the catalogue of settings by the tests; run them with REGENERATE_GOLDEN=1 after a change. -->

            Nothing needs to be configured: without any configuration the gateway listens on 127.0.0.1:42069 and answers from Anthropic's
            API where `ANTHROPIC_API_KEY` is set, else from the built-in emulator.

            ## Where values come from

            Four layers, each over the one before it:

            1. the defaults below;
            2. one file: the one that `--config FILE` names, else the one in `TUPPENCE_CONFIG`, else `tuppence.json` in the working
               directory, else `tuppence/tuppence.json` in your configuration folder (`$XDG_CONFIG_HOME` or `~/.config`; `%APPDATA%` on
               Windows; `~/Library/Application Support` on macOS);
            3. environment variables: `TUPPENCE_` and the key in capitals with `_` for each dot, such as `TUPPENCE_RETRY_MAX_RETRIES`. An
               empty variable is not set. Lists are separated by commas, maps are `name=value,name=value`; both may also be JSON;
            4. flags: those named below, and `--set KEY=VALUE` for every other option.

            A layer replaces a list or a map as a whole. `tuppence config` prints every value with its origin, secrets masked;
            `tuppence config --check` only checks, with exit code 0 or 78.

            The file is JSON with `//` and `/* */` comments and trailing commas ([sample](../../deploy/tuppence.sample.json)), or plain
            `key=value` lines with `#` comments:

            ```
            port=42069
            host=127.0.0.1
            log_level=info
            filter_sampling_params=false
            auto_open_browser=off
            ```

            Durations are numbers of seconds. Sizes are numbers of bytes or text such as `"64MB"`; KB, MB and GB are powers of 1024.

            The gateway reads the file again when it changes. A file with errors is reported and not taken; the last good configuration stays.
            Options marked *restart* keep their value until the next start, and the log says so.

            Every problem is reported at once, each with its place, key, what is accepted, and a remedy:

            ```
            tuppence.json:3:11  port
              70000 is out of range.
              Accepted: an integer from 0 to 65535.
              Remedy: Correct the value, or remove it for the default, 42069.
            ```


            """);

        foreach (var group in Groups.Prepend(""))
        {
            page.Append("## ").AppendLine(Titles[group]).AppendLine();
            Table(page, GatewaySettings.All.Where(setting => GroupOf(setting.Key) == group), "TUPPENCE_");
        }

        page.AppendLine("""
            ## upstreams: where requests can go

            `upstreams` holds an object per upstream, by a name of lower-case letters, digits, `-` and `_`. `anthropic`
            (`https://api.anthropic.com`) and `emulator` exist without being named; an entry of that name amends them. The key of the file is
            `upstreams.NAME.` and the key below, the variable `TUPPENCE_UPSTREAMS_NAME_` and the key in capitals.

            The key of an upstream comes from one of `api_key`, `api_key_env`, `api_key_file` and `api_key_command`; a stronger layer replaces
            a weaker one's choice. `ANTHROPIC_API_KEY` is the key of `anthropic` where none is configured and its address is Anthropic's own.

            """);
        Table(page, UpstreamSettings.All, "TUPPENCE_UPSTREAMS_NAME_");
        return (page.ToString().ReplaceLineEndings("\n").TrimEnd() + "\n").Replace(" \n", "\n", StringComparison.Ordinal);
    }

    public static string Sample()
    {
        var file = new StringBuilder("""
            // Every option of Tuppence with its default, or an example where it has none. Remove the // before what you want to change.
            // Generated from the same catalogue as docs/guide/configuration.md, which explains the layers around this file.
            {

            """);
        foreach (var group in Groups.Prepend(""))
        {
            var indent = group.Length == 0 ? "  " : "    ";
            file.Append(group.Length == 0 ? "" : $"\n  \"{group}\": {{\n");
            Members(file, GatewaySettings.All.Where(setting => GroupOf(setting.Key) == group), indent);
            file.Append(group.Length == 0 ? "" : "  },\n");
        }

        file.Append("\n  \"upstreams\": {\n    // By name; \"anthropic\" and \"emulator\" exist without being named. Another needs its url.\n    // \"my-upstream\": {\n");
        var inside = new StringBuilder();
        foreach (var group in UpstreamSettings.All.GroupBy(setting => GroupOf(setting.Key), StringComparer.Ordinal).OrderBy(group => group.Key.Length > 0))
        {
            inside.Append(group.Key.Length == 0 ? "" : $"    //   \"{group.Key}\": {{\n");
            Members(inside, group, group.Key.Length == 0 ? "    //   " : "    //     ");
            inside.Append(group.Key.Length == 0 ? "" : "    //   },\n");
        }

        file.Append(inside.Replace("// \"", "\"")).Append("    // },\n  },\n}\n");
        return file.ToString().ReplaceLineEndings("\n");
    }

    private static string GroupOf(string key) => key.Contains('.', StringComparison.Ordinal) ? key[..key.IndexOf('.', StringComparison.Ordinal)] : "";

    private static void Table<TOwner>(StringBuilder page, IEnumerable<Setting<TOwner>> settings, string prefix)
        where TOwner : new()
    {
        foreach (var setting in settings)
        {
            page.Append("### `").Append(setting.Key).AppendLine("`").AppendLine().AppendLine(setting.Summary).AppendLine();
            page.Append("- Accepted: ").Append(setting.Accepted).AppendLine(".");
            page.Append("- Default: ").AppendLine(setting.Default == "-" ? "none." : $"`{setting.Default}`.");
            if (setting.Example is { } example)
            {
                page.Append(CultureInfo.InvariantCulture, $"- Example: `\"{setting.Key}\": {example}`").AppendLine();
            }

            page.Append("- Environment: `").Append(prefix).Append(setting.Variable).Append('`');
            page.AppendLine(setting.Flag is { } flag ? $"; flag: `{flag} {setting.FlagValue}`{(setting.Repeatable ? ", may be repeated" : "")}." : ".");
            page.AppendLine(setting.NeedsRestart ? "- Takes effect: after a restart." : "- Takes effect: when the file is saved.").AppendLine();
        }
    }

    private static void Members<TOwner>(StringBuilder file, IEnumerable<Setting<TOwner>> settings, string indent)
        where TOwner : new()
    {
        foreach (var setting in settings)
        {
            file.Append(indent).Append(indent.Contains('/', StringComparison.Ordinal) ? "" : "// ").AppendLine(setting.Summary);
            file.Append(indent).Append("// \"").Append(setting.Key[(setting.Key.LastIndexOf('.') + 1)..]).Append("\": ").Append(Value(setting)).AppendLine(",");
        }
    }

    private static string Value<TOwner>(Setting<TOwner> setting)
        where TOwner : new()
    {
        if (setting.Example is { } example)
        {
            return example;
        }

        using var stream = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(stream))
        {
            setting.Write(writer, new TOwner());
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
