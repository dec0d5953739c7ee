using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional.Ledger;

/// <summary>What the ledger keeps in memory, measured while nothing else runs.</summary>
[Collection(nameof(Undisturbed))]
public sealed class LedgerMemoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Memory_stays_flat_over_a_hundred_thousand_requests()
    {
        using var folder = new LedgerFolder();
        await using var ledger = folder.Open("flat.db");
        var begun = 0L;
        for (var i = 0; i < 100_000; i++)
        {
            ledger.Add(LedgerDriver.Rows.Of("flat", i, Start.AddSeconds(i)));
            if (i % 5_000 == 4_999)
            {
                await ledger.FlushAsync(Cancellation);
            }

            if (i == 20_000)
            {
                begun = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        Assert.Equal(0, ledger.Lost);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - begun, long.MinValue, 8 << 20);
    }
}
