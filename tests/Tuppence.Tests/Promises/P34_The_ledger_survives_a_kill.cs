using System.Globalization;
using Tuppence.State.Ledger;
using Tuppence.State.Sqlite;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P34: <c>kill -9</c> under load. The database opens, no acknowledged row is missing, none is there twice, and the sums are those of the rows.</summary>
/// <remarks>Six kills; the environment variable <c>TUPPENCE_TEST_KILLS</c> makes it another number. Acknowledged is what <c>FlushAsync</c> returned for.</remarks>
public sealed class P34_The_ledger_survives_a_kill(ITestOutputHelper output)
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("TUPPENCE_TEST_KILLS") ?? "6", CultureInfo.InvariantCulture);

    [Fact]
    public async Task No_acknowledged_row_is_missing_and_none_is_there_twice()
    {
        using var folder = new LedgerFolder();
        var path = Path.Combine(folder.Directory, "ledger.db");
        var random = new Random(2026);
        var (acknowledged, unacknowledged, before) = (0L, 0L, 0L);
        for (var kill = 0; kill < Kills; kill++)
        {
            var run = string.Create(CultureInfo.InvariantCulture, $"run{kill:D3}");
            await using var driver = LedgerProcess.Start(null, "spin", path, run);
            var last = 0L;
            for (var lines = random.Next(1, 40); lines > 0; lines--)
            {
                last = long.Parse((await driver.LineAsync())!, CultureInfo.InvariantCulture);
            }

            // A moment that nobody chose: in the queue, in a statement, in a commit, in a checkpoint.
            await Task.Delay(TimeSpan.FromMicroseconds(random.Next(30_000)), TestContext.Current.CancellationToken);
            await driver.KillAsync();
            while (await driver.LineAsync() is { } line)
            {
                // A last line that was cut says less than was acknowledged, never more.
                last = Math.Max(last, long.Parse(line, CultureInfo.InvariantCulture));
            }

            using var database = folder.Connect();
            Assert.Equal("ok", LedgerFolder.Text(database, "PRAGMA integrity_check"));
            var rows = long.Parse(LedgerFolder.Text(database, "SELECT count(*) FROM entries"), CultureInfo.InvariantCulture);
            var ofRun = long.Parse(LedgerFolder.Text(database, $"SELECT count(*) FROM entries WHERE id LIKE '{run}-%'"), CultureInfo.InvariantCulture);
            Assert.Equal(rows, before + ofRun);
            Assert.True(ofRun >= last, $"Kill {kill}: {last} rows were acknowledged and {ofRun} are there.");
            Assert.Equal($"{ofRun}", LedgerFolder.Text(database, $"SELECT count(DISTINCT id) FROM entries WHERE id LIKE '{run}-%' AND CAST(substr(id, 8) AS INTEGER) < {ofRun}"));
            Assert.Equal($"{rows}", LedgerFolder.Text(database, "SELECT sum(requests) FROM hours"));
            (acknowledged, unacknowledged, before) = (acknowledged + last, unacknowledged + ofRun - last, rows);
        }

        // The next gateway goes on.
        await using var ledger = folder.Open();
        ledger.Add(LedgerDriver.Rows.Of("after", 0, DateTimeOffset.UnixEpoch.AddDays(20_000)));
        await ledger.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(before + 1, (await ledger.SumAsync(new LedgerQuery(), LedgerGrouping.Total, TestContext.Current.CancellationToken))[0].Requests);
        Assert.Null(ledger.Problem);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Kills} kills, {acknowledged} rows acknowledged and there, {unacknowledged} there besides, none missing, none twice"));
    }
}
