using System.CommandLine;
using System.Text;

namespace Tuppence.Commands;

/// <summary>The help of each command: what it does, examples first, then the flags from the catalogue.</summary>
internal static class HelpText
{
    private const int Width = 100;

    /// <summary>Writes the help of a command.</summary>
    public static void Write(Command command, Terminal terminal)
    {
        var root = command is RootCommand;
        var text = new StringBuilder();
        text.Append(terminal.Strong(root ? "tuppence" : $"tuppence {command.Name}")).Append("  ").AppendLine(command.Description).AppendLine();

        text.AppendLine(terminal.Strong("Usage"));
        text.AppendLine(root ? "  tuppence [flags]            serve the gateway\n  tuppence COMMAND [flags]" : $"  tuppence {command.Name}{string.Concat(command.Arguments.Select(static argument => $" [{argument.Name}]"))} [flags]").AppendLine();

        text.AppendLine(terminal.Strong("Examples"));
        Rows(text, Examples(command.Name, root));
        text.AppendLine();

        if (root)
        {
            text.AppendLine(terminal.Strong("Commands"));
            Rows(text, [.. command.Subcommands.Select(sub => (sub.Name, sub.Description ?? ""))]);
            text.AppendLine();
        }

        text.AppendLine(terminal.Strong("Flags"));
        Rows(text, [.. command.Arguments.Select(static argument => ($"[{argument.Name}]", argument.Description ?? "")), .. command.Options.Where(option => !option.Hidden).Select(option => (Names(option), Describe(option)))]);
        if (command.Options.Any(option => option.Name == "--set"))
        {
            text.AppendLine().AppendLine("""
                Flags win over TUPPENCE_... environment variables, those over the file, the file over the defaults. The file is the
                one that --config or TUPPENCE_CONFIG names, else tuppence.json here, else the one in your configuration folder.
                docs/guide/configuration.md explains every option. Exit codes: 64 wrong command line, 78 wrong configuration.
                """);
        }

        terminal.Output.Write(text.ToString().ReplaceLineEndings(Environment.NewLine));
    }

    private static (string, string)[] Examples(string name, bool root) => name switch
    {
        "emulate" => [("tuppence emulate", "try a front end without an account"), ("tuppence emulate --port 0 --no-pacing", "for automated tests")],
        "config" => [("tuppence config", "what is in force, and why"), ("tuppence config --check --config new.json", "before a file goes live")],
        "login" =>
        [
            ("tuppence login", "in the browser, or with a code where there is none"),
            ("tuppence login work --device", "with a code that is typed on any device, for the upstream “work”"),
            ("tuppence login --no-browser", "prints the address instead of opening it"),
        ],
        "logout" => [("tuppence logout", "revokes the tokens at the issuer and forgets them here"), ("tuppence logout --all", "for every upstream")],
        "status" => [("tuppence status", "who is signed in where"), ("tuppence status --json", "for scripts; exit code 1 where a sign-in is needed")],
        "record" => [("tuppence record trace.jsonl", "serve, and record without content"), ("tuppence record mine.jsonl --bodies", "with the requests themselves, for your own replays")],
        "explain" =>
        [
            ("tuppence explain", "what the running gateway's conversations cost, and why"),
            ("tuppence explain request.json", "where the breakpoints of this request would go"),
            ("tuppence explain 1.json 2.json --level relocate", "what would be changed in the second request"),
        ],
        "usage" =>
        [
            ("tuppence usage", "the latest requests, each with its cost"),
            ("tuppence usage --by day --from 30d", "what each day cost, with bars"),
            ("tuppence usage --by model --format csv", "for a spreadsheet"),
            ("tuppence usage --format parquet --out usage.parquet", "every request, for DuckDB and its like"),
        ],
        "health" => [("tuppence health && echo up", "as a container's or a service's health check")],
        "replay" =>
        [
            ("tuppence replay chats/", "what the traces of a folder cost with the gateway's plans, beside SillyTavern's best and the bound"),
            ("tuppence replay chat.jsonl.gz --level relocate+window --price claude-opus-5-5", "at a model's prices"),
            ("tuppence replay chat.jsonl.gz --out planned.jsonl", "the requests as they would be sent"),
        ],
        "bench-cache" => [("tuppence bench-cache", "about two minutes"), ("tuppence bench-cache --out bench --check bench/cache.json", "the figures anew, compared with the last ones")],
        "version" => [("tuppence version", "")],
        _ => !root ? [] :
        [
            ("tuppence", "serve on 127.0.0.1:42069; Anthropic with ANTHROPIC_API_KEY set, else the emulator"),
            ("tuppence --upstream https://llm.example", "in front of any Messages-compatible API, with the client's key"),
            ("tuppence --host 0.0.0.0 --config lan.json", "for the network; lan.json holds gateway_keys"),
            ("tuppence --log-level debug --no-open", "see each step of a request"),
            ("tuppence emulate", "the offline Messages API alone, on port 42070"),
        ],
    };

    private static string Names(Option option) =>
        string.Join(", ", option.Aliases.Where(alias => alias.StartsWith('-') && alias != "-?").Order(StringComparer.Ordinal).Append(option.Name)) +
        (option.HelpName is { } value ? " " + value : "");

    private static string Describe(Option option) => option.Name switch
    {
        "--help" => "Show this help.",
        "--version" => "Print the version.",
        _ => option.Description + (option.Arity.MaximumNumberOfValues > 1 ? " May be repeated." : ""),
    };

    // Two columns; the right one is wrapped.
    private static void Rows(StringBuilder text, IReadOnlyList<(string Left, string Right)> rows)
    {
        var left = rows.Max(row => row.Left.Length) + 2;
        foreach (var (name, description) in rows)
        {
            text.Append("  ").Append(name.PadRight(left));
            var column = 0;
            foreach (var word in description.Split(' '))
            {
                if (column > 0 && left + column + word.Length + 2 > Width)
                {
                    text.AppendLine().Append(' ', left + 2);
                    column = 0;
                }

                text.Append(column == 0 ? "" : " ").Append(word);
                column += word.Length + 1;
            }

            text.AppendLine();
        }
    }
}
