using System.CommandLine;
using Tuppence.Accounting;
using Tuppence.Commands.Replays;
using Tuppence.Configuration;
using Tuppence.Configuration.Loading;
using Tuppence.State.Exports;
using Tuppence.State.Ledger;
using Tuppence.State.Sqlite;

namespace Tuppence.Commands.UsageReports;

/// <summary><c>tuppence usage</c>: what the ledger holds, read from its file, whether or not the gateway runs.</summary>
internal sealed class UsageCommand(Terminal terminal, string directory, TimeProvider time)
{
    private readonly Option<string> by = new("--by") { Description = $"Add up by {UsageWords.Groupings}. Left out: the requests themselves.", HelpName = "WHAT" };
    private readonly Option<string> format = new("--format") { Description = "table (default), csv, jsonl or parquet; the last three hold all requests unless --limit is given. Money is in nano-dollars there.", HelpName = "FORMAT" };
    private readonly Option<string> from = new("--from") { Description = "Requests from then on: a day such as 2026-11-01, a moment such as 2026-11-01T12:00Z, or so long ago, such as 7d or 12h. UTC.", HelpName = "WHEN" };
    private readonly Option<string> until = new("--until") { Description = "Requests before then.", HelpName = "WHEN" };
    private readonly Option<string> limit = new("--limit") { Description = "At most so many lines. Default 40 in a table.", HelpName = "N" };
    private readonly Option<string> output = new("--out") { Description = "Write to a file.", HelpName = "FILE" };

    /// <summary>Describes it to the parser.</summary>
    public Command Describe(SettingFlags settings, Func<IReadOnlyList<FlagSetting>, string?, ConfigurationSource> source)
    {
        var command = new Command("usage", "Shows what was used and what it cost, from the ledger.") { by, format, from, until, limit, output };
        settings.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var result = source(settings.Read(parsed), settings.ConfigFile(parsed)).Load(listens: false);
            if (result.Loaded is not { } loaded)
            {
                ErrorReport.Write(terminal.Error, result.Errors, "Where the ledger is is not known.", terminal.Alarm);
                return ExitCode.Config;
            }

            return await RunAsync(parsed, loaded.Config, stop);
        });
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, GatewayConfig config, CancellationToken stop)
    {
        try
        {
            var words = new UsageWords(time);
            var grouping = words.Grouping(parsed.GetValue(by));
            var form = UsageWords.Format(parsed.GetValue(format));
            var most = UsageWords.Limit(parsed.GetValue(limit));
            var query = new LedgerQuery { From = words.Moment(from.Name, parsed.GetValue(from)), Until = words.Moment(until.Name, parsed.GetValue(until)) };
            var file = parsed.GetValue(output) is { } named ? Path.GetFullPath(named, directory) : null;
            if (form == ExportFormat.Parquet && (grouping is not null || file is null))
            {
                throw new UsageException(grouping is not null ? "parquet holds the requests themselves; with --by take csv or jsonl." : "parquet is not text: name a file with --out.");
            }

            var path = LedgerPlace.PathOf(config);
            if (!File.Exists(path))
            {
                terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + (config.Ledger.IsOn
                    ? $"there is no ledger “{path}” yet; it is made with the first request."
                    : $"the ledger is off (ledger), and there is none at “{path}”."));
                return ExitCode.Failure;
            }

            EmbeddedSqlite.Choose(config.StateDirectory);
            using var reader = new LedgerReader(path);
            await using Stream target = file is null ? new TextStream(terminal.Output) : Make(file);
            await WriteAsync(reader, query, grouping, form, most, target, file is null, stop);
            if (file is not null)
            {
                terminal.Error.WriteLine($"Written to {file}");
            }

            return ExitCode.Success;
        }
        catch (UsageException e)
        {
            terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + e.Message);
            terminal.Error.WriteLine("tuppence usage --help lists the flags.");
            return ExitCode.Usage;
        }
        catch (Exception e) when (e is LedgerException or IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + e.Message);
            return ExitCode.Failure;
        }
    }

    private async Task WriteAsync(
        LedgerReader reader, LedgerQuery query, LedgerGrouping? grouping, ExportFormat? form, int? most, Stream target, bool isShown, CancellationToken stop)
    {
        if (grouping is null && form is { } rows)
        {
            await LedgerExport.WriteAsync(reader, query, rows, target, most ?? long.MaxValue, stop);
            return;
        }

        await using var text = new StreamWriter(target, leaveOpen: true);
        var table = new UsageTable(isShown ? terminal : new Terminal(text, terminal.Error), text);
        if (grouping is not { } group)
        {
            var page = await reader.ReadAsync(query with { Limit = most ?? UsageTable.Lines }, stop);
            table.WriteRows(page);
            return;
        }

        var sums = await reader.SumAsync(query, group, stop);
        if (form is { } asFile)
        {
            UsageSums.Write(text, [.. sums.Take(most ?? int.MaxValue)], UsageWords.NameOf(group), asFile);
            return;
        }

        var shown = group is LedgerGrouping.Day or LedgerGrouping.Hour ? sums.TakeLast(most ?? UsageTable.Lines) : sums.Take(most ?? UsageTable.Lines);
        var total = (await reader.SumAsync(query, LedgerGrouping.Total, stop))[0];
        table.WriteSums(await TitledAsync(reader, [.. shown], group, stop), total, sums.Count, group);
    }

    // People know a conversation by its first words, if they may be kept.
    private static async Task<List<(string Name, LedgerSum Sum)>> TitledAsync(LedgerReader reader, List<LedgerSum> sums, LedgerGrouping group, CancellationToken stop)
    {
        var titled = new List<(string, LedgerSum)>();
        foreach (var sum in sums)
        {
            var conversation = group == LedgerGrouping.Conversation && sum.Group is { } name
                ? (await reader.ConversationsAsync(new LedgerQuery { Conversation = name, Limit = 1 }, stop)).FirstOrDefault()
                : null;
            titled.Add((conversation?.Title is { } title ? $"{sum.Group}  {title}" : UsageTable.NameOf(sum, group), sum));
        }

        return titled;
    }

    // For its owner alone, as the ledger is.
    private static FileStream Make(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(file, options);
    }
}
