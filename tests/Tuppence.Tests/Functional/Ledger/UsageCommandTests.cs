using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tuppence.Accounting;
using Tuppence.Commands;
using Tuppence.Configuration;
using Tuppence.Configuration.Loading;
using Tuppence.State.Ledger;
using Tuppence.Tests.Unit.Configuration;

namespace Tuppence.Tests.Functional.Ledger;

/// <summary><c>tuppence usage</c>, from the ledger of a gateway that still has it open, to the table.</summary>
public sealed class UsageCommandTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 22, 30, 0, TimeSpan.Zero);

    private readonly Scene scene = new();
    private readonly StringWriter output = new() { NewLine = "\n" };
    private readonly StringWriter error = new() { NewLine = "\n" };
    private readonly string state;
    private readonly ILedger ledger;

    public UsageCommandTests()
    {
        state = Path.Combine(scene.WorkingDirectory, "state");
        ledger = LedgerPlace.Open(new GatewayConfig { StateDirectory = state }, TimeProvider.System, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await ledger.DisposeAsync();
        scene.Dispose();
    }

    [Fact]
    public async Task The_file_and_those_beside_it_are_private()
    {
        await FillAsync(1);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(state));
        Assert.Equal(3, Directory.GetFiles(state).Length);
        Assert.All(Directory.GetFiles(state), static file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task Without_by_it_shows_the_requests_the_latest_last()
    {
        await FillAsync(3);
        Assert.Equal(ExitCode.Success, await RunAsync());
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Matches("^time \\(UTC\\) +model +upstream +ended +input +read +written +output +cost +seconds$", lines[0]);
        Assert.Matches("^2026-11-01 22:30:00  claude-haiku-5 ", lines[1]);
        Assert.StartsWith("2026-11-03 22:30:00", lines[3], StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output.ToString());
    }

    [Fact]
    public async Task By_day_it_shows_sums_with_bars_and_a_total()
    {
        await FillAsync(3);
        Assert.Equal(ExitCode.Success, await RunAsync("--by", "day"));
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches("^2026-11-01 +1 ", lines[1]);
        Assert.Matches("^2026-11-03 +1 .*[█▏▎▍▌▋▊▉]", lines[3]);
        Assert.Matches("^total +3 ", lines[4]);
    }

    [Theory]
    [InlineData("model", "claude-opus-5-5")]
    [InlineData("key", "desk")]
    [InlineData("preset", "(none)")]
    [InlineData("upstream", "anthropic")]
    [InlineData("conversation", "c00000000run")]
    [InlineData("hour", "2026-11-02 22:00")]
    public async Task By_others_too(string by, string expected)
    {
        await FillAsync(3);
        Assert.Equal(ExitCode.Success, await RunAsync("--by", by));
        Assert.Contains(expected, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_narrow()
    {
        await FillAsync(5);
        Assert.Equal(ExitCode.Success, await RunAsync("--from", "2026-11-02", "--until", "2026-11-04T22:30Z", "--format", "csv"));
        Assert.Equal(3, output.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Sums_as_json_lines_are_the_ledgers()
    {
        await FillAsync(3);
        Assert.Equal(ExitCode.Success, await RunAsync("--by", "model", "--format", "jsonl"));
        var sums = await ledger.SumAsync(new LedgerQuery(), LedgerGrouping.Model, TestContext.Current.CancellationToken);
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            sums.Select(static sum => (sum.Group, sum.Cost, sum.CacheRead)),
            lines.Select(static line =>
            {
                using var json = JsonDocument.Parse(line);
                return (json.RootElement.GetProperty("model").GetString(), json.RootElement.GetProperty("cost_total").GetInt64(), json.RootElement.GetProperty("cache_read_tokens").GetInt64());
            }));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("parquet")]
    public async Task A_file_is_written_for_its_owner_alone(string format)
    {
        await FillAsync(3);
        Assert.Equal(ExitCode.Success, await RunAsync("--format", format, "--out", "usage.out"));
        var file = Path.Combine(scene.WorkingDirectory, "usage.out");
        Assert.InRange(new FileInfo(file).Length, 500, 100_000);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Empty(output.ToString());
    }

    [Fact]
    public async Task Nothing_in_a_name_moves_the_cursor()
    {
        ledger.Add(LedgerEntries.Bare("x", Start) with { Model = "evil\e[2J\u202e" });
        await ledger.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Success, await RunAsync());
        Assert.Contains("evil?[2J?", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--by week is not understood. Accepted: hour, day, model", "--by", "week")]
    [InlineData("--format xml is not understood. Accepted: table, csv, jsonl or parquet", "--format", "xml")]
    [InlineData("--from yesterday is not understood. Accepted: a day such as", "--from", "yesterday")]
    [InlineData("--limit 0 is not understood", "--limit", "0")]
    [InlineData("parquet is not text: name a file with --out", "--format", "parquet")]
    [InlineData("parquet holds the requests themselves", "--format", "parquet", "--by", "day", "--out", "x")]
    public async Task What_is_not_understood_is_said(string expected, params string[] args)
    {
        await FillAsync(1);
        Assert.Equal(ExitCode.Usage, await RunAsync(args));
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Fact]
    public async Task Where_there_is_no_ledger_that_is_said()
    {
        Assert.Equal(ExitCode.Failure, await RunAsync());
        Assert.Contains("it is made with the first request", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, await RunAsync("--ledger", "off"));
        Assert.Contains("the ledger is off", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_ledger_is_said()
    {
        Directory.CreateDirectory(state);
        await File.WriteAllTextAsync(Path.Combine(state, LedgerPlace.Name), new string('x', 5000), TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Failure, await RunAsync());
        Assert.Contains("is damaged", error.ToString(), StringComparison.Ordinal);
    }

    private async Task FillAsync(int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            ledger.Add(LedgerDriver.Rows.Of("run", i, Start.AddDays(i)));
        }

        await ledger.FlushAsync(TestContext.Current.CancellationToken);
    }

    private Task<int> RunAsync(params string[] args) =>
        new CommandLine(new NoHosts(), new Terminal(output, error), scene.Surroundings, TimeProvider.System).RunAsync(["usage", "--state-dir", state, .. args], TestContext.Current.CancellationToken);

    private sealed class NoHosts : IHosts
    {
        public Task<int> ServeAsync(LoadedConfiguration configuration, ConfigurationSource source, CancellationToken stop) => throw new InvalidOperationException("Nothing is to be served.");

        public Task<int> EmulateAsync(EmulateSettings settings, CancellationToken stop) => throw new InvalidOperationException("Nothing is to be emulated.");
    }
}
