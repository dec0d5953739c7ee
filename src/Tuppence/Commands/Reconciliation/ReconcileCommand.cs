using System.CommandLine;
using System.Globalization;
using Tuppence.Accounting;
using Tuppence.Configuration;
using Tuppence.Configuration.Loading;
using Tuppence.Hosting;
using Tuppence.State.Ledger;
using Tuppence.State.Sqlite;
using Tuppence.Thrift.Accounts;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Commands.Reconciliation;

/// <summary><c>tuppence reconcile</c>: compares the ledger with the organisation's usage and cost report, and lists what differs.</summary>
internal sealed class ReconcileCommand(Terminal terminal, TimeProvider time)
{
    private const string DefaultUpstream = "anthropic";

    private readonly Option<string> from = new("--from") { Description = "First day, such as 2026-11-01 (UTC). Left out: seven days before --until.", HelpName = "DAY" };
    private readonly Option<string> until = new("--until") { Description = "Day after the last. Left out: today, since the report of today is not complete.", HelpName = "DAY" };
    private readonly Option<string> of = new("--of") { Description = "Upstream whose organisation is asked. Default anthropic.", HelpName = "NAME" };

    /// <summary>Describes it to the parser.</summary>
    public Command Describe(SettingFlags settings, Func<IReadOnlyList<FlagSetting>, string?, ConfigurationSource> source)
    {
        var command = new Command("reconcile", "Compares the ledger with your organisation's usage and cost report.") { from, until, of };
        settings.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var result = source(settings.Read(parsed), settings.ConfigFile(parsed)).Load(listens: false);
            if (result.Loaded is not { } loaded)
            {
                ErrorReport.Write(terminal.Error, result.Errors, "What is to be compared is not known.", terminal.Alarm);
                return ExitCode.Config;
            }

            var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            if (!TryDay(parsed.GetValue(until), today, out var last) || !TryDay(parsed.GetValue(from), last.AddDays(-7), out var first) || first >= last)
            {
                terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + "--from and --until are days such as 2026-11-01, and --from comes first.");
                return ExitCode.Usage;
            }

            try
            {
                return await CompareAsync(loaded.Config, parsed.GetValue(of) ?? DefaultUpstream, first, last, stop);
            }
            catch (Exception e) when (e is ReportException or LedgerException)
            {
                return Wrong(e.Message);
            }
        });
        return command;
    }

    private async Task<int> CompareAsync(GatewayConfig config, string upstream, DateOnly first, DateOnly last, CancellationToken stop)
    {
        if (config.AdminKey is not { } key)
        {
            return Wrong("there is no admin key. Set TUPPENCE_ADMIN_KEY, or admin_key in the configuration file, to a key that begins with sk-ant-admin.");
        }

        var entry = config.Upstreams.GetValueOrDefault(upstream);
        if ((entry?.Url ?? (upstream == DefaultUpstream ? UpstreamConfig.AnthropicUrl : null)) is not { } url)
        {
            return Wrong($"there is no upstream “{upstream}” with an address.");
        }

        var path = LedgerPlace.PathOf(config);
        if (!File.Exists(path))
        {
            return Wrong($"there is no ledger “{path}”.");
        }

        using var origin = new AdminOrigin(UpstreamOrigin.From(new Uri(url), entry is null ? null : GatewayBuilder.ProxyOf(entry)), time);
        var report = await new AdminReports(origin.GetAsync, key).ReadAsync(first, last, stop);
        EmbeddedSqlite.Choose(config.StateDirectory);
        using var reader = new LedgerReader(path);
        var (ledger, unpriced) = await LedgerDays.ReadAsync(reader, upstream, first, last, stop);
        return Tell(ledger, report, unpriced, first, last);
    }

    private int Tell(IReadOnlyCollection<DayModel> ledger, IReadOnlyList<DayModel> report, int unpriced, DateOnly first, DateOnly last)
    {
        var differences = Difference.Between(ledger, report);
        foreach (var group in differences.GroupBy(static difference => (difference.Day, difference.Model)))
        {
            terminal.Output.WriteLine(terminal.Strong(string.Create(CultureInfo.InvariantCulture, $"{group.Key.Day:yyyy-MM-dd}  {group.Key.Model}")));
            foreach (var (_, _, what, ours, theirs) in group)
            {
                terminal.Output.WriteLine($"  {what,-32} ledger {Shown(what, ours),16}   report {Shown(what, theirs),16}   {(theirs > ours ? "+" : "")}{Shown(what, theirs - ours)}");
            }
        }

        if (unpriced > 0)
        {
            terminal.Output.WriteLine($"{unpriced} rows of the ledger have no known price; their tokens are compared, their cost is missing.");
        }

        terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{first:yyyy-MM-dd} to {last.AddDays(-1):yyyy-MM-dd}: ledger {Dollars(ledger.Sum(static day => day.Cost))}, report {Dollars(report.Sum(static day => day.Cost))}; ")
            + (differences.Count == 0 ? "no difference." : $"{differences.Count} figures differ."));
        return differences.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static bool TryDay(string? text, DateOnly otherwise, out DateOnly day)
    {
        day = otherwise;
        return text is null || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    private static string Shown(string what, decimal value) => what == Difference.Cost ? Dollars(value) : value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Dollars(decimal nano) => Money.Format((long)Math.Round(nano, MidpointRounding.AwayFromZero));

    private int Wrong(string problem)
    {
        terminal.Error.WriteLine(terminal.Alarm("tuppence: ") + problem);
        return ExitCode.Failure;
    }
}
