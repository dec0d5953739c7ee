using System.Globalization;
using Tuppence.State.Ledger;
using Tuppence.State.Sqlite;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P33: a bounded queue and one writer; a disk that is full costs no request anything and no row that found room in the queue.</summary>
public sealed class P33_The_ledger_never_breaks_an_answer
{
    [Fact]
    public async Task A_full_disk_is_told_and_the_rows_that_wait_are_stored_once_there_is_room()
    {
        using var folder = new LedgerFolder();
        var path = Path.Combine(folder.Directory, "ledger.db");
        await using var driver = LedgerProcess.Start("trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; ulimit -S -f 2048; exec \"$@\"", "fill", path);

        var problem = await driver.LineAsync();
        Assert.StartsWith("problem ", problem, StringComparison.Ordinal);
        Assert.Contains($"“{path}”", problem, StringComparison.Ordinal);
        var slowest = int.Parse((await driver.LineAsync())!, CultureInfo.InvariantCulture);
        Assert.InRange(slowest, 0, 500);

        driver.LiftLimit();
        await driver.SayAsync("again");
        var words = (await driver.LineAsync())!.Split(' ');
        using var reader = new LedgerReader(path);
        Assert.Equal(words[1], $"{(await reader.SumAsync(new LedgerQuery(), LedgerGrouping.Total, TestContext.Current.CancellationToken))[0].Requests}");
        Assert.Equal("0", words[3]);
        using var database = folder.Connect();
        Assert.Equal("ok", LedgerFolder.Text(database, "PRAGMA integrity_check"));
    }
}
