using Tuppence.State.Ledger;

namespace Tuppence.Accounting;

/// <summary>Waiting for the ledger, for who would rather have all rows but must not be held up by a disk that takes none.</summary>
internal static class LedgerWait
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>Completes when every row that was added before the call is on disk, or after a second.</summary>
    public static async Task SettleAsync(this ILedger ledger, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            await ledger.FlushAsync(cancellation).WaitAsync(Longest, time, cancellation);
        }
        catch (TimeoutException)
        {
            // Then what is on disk has to do; the ledger itself says what is wrong.
        }
    }
}
