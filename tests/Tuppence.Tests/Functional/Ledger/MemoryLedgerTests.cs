using Tuppence.State.Ledger;

namespace Tuppence.Tests.Functional.Ledger;

/// <summary>The ledger of <c>ledger: off</c>.</summary>
public sealed class MemoryLedgerTests : LedgerSuite
{
    protected override ILedger Ledger { get; } = new MemoryLedger();

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Ledger.DisposeAsync();
    }

    [Fact]
    public async Task It_keeps_the_latest_rows_and_the_sums_of_all()
    {
        await using var ledger = new MemoryLedger(mostRows: 10);
        for (var i = 0; i < 100; i++)
        {
            ledger.Add(Full($"{i:D3}") with { At = Start.AddMinutes(i) });
        }

        var page = await ledger.ReadAsync(new LedgerQuery { Limit = 50 }, CancellationToken.None);
        Assert.Equal(Enumerable.Range(90, 10).Reverse().Select(static i => $"{i:D3}"), page.Entries.Select(static row => row.Id));
        Assert.Equal(100, (await ledger.SumAsync(new LedgerQuery(), LedgerGrouping.Total, CancellationToken.None))[0].Requests);
        Assert.Equal(60, (await ledger.SumAsync(new LedgerQuery { From = Start.AddMinutes(30), Until = Start.AddMinutes(90) }, LedgerGrouping.Total, CancellationToken.None))[0].Requests);
    }

    protected override ILedger Another() => new MemoryLedger();
}
