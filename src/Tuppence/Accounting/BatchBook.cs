using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Tuppence.Exchange;
using Tuppence.Messages.Batches;
using Tuppence.Messages.Pricing;
using Tuppence.Messages.Usage;
using Tuppence.State.Ledger;
using Tuppence.Telemetry;

namespace Tuppence.Accounting;

/// <summary>
/// Books the results of a message batch as they are fetched, each once: its row's id is made of the batch and the result's <c>custom_id</c>, so that the
/// ledger knows it again whenever, and by whichever process, the results are fetched. What the ledger knows reaches no other sink either: budgets took
/// it up from there.
/// </summary>
/// <param name="state">Sinks, ledger and clock.</param>
/// <param name="batch">The batch's id.</param>
/// <param name="fetch">The request that fetches the results.</param>
internal sealed class BatchBook(GatewayState state, string batch, RequestRecord fetch)
{
    // Asked about together; and rows after which the ledger's queue is let run empty, for a batch has up to 100,000 results.
    private const int AskedAtOnce = 500, AddedAtOnce = 4_000;

    private readonly List<(OpenRequest Request, LedgerEntry Entry)> read = [];
    private BatchResultsReader? reader;
    private int added;

    /// <summary>Takes the next bytes of the results.</summary>
    public void Feed(ReadOnlySpan<byte> bytes) => (reader ??= new BatchResultsReader(Read)).Feed(bytes);

    /// <summary>Books what was read, where it is much. To be called between two pieces: it may wait for the ledger.</summary>
    public ValueTask BookAsync() => read.Count < AskedAtOnce ? ValueTask.CompletedTask : new ValueTask(BookAllAsync());

    /// <summary>The results are over: books the rest.</summary>
    public Task EndAsync()
    {
        reader?.End();
        return BookAllAsync();
    }

    /// <summary>The batch whose results are asked for, or null: <c>/v1/messages/batches/ID/results</c>.</summary>
    public static string? BatchOf(string method, in Route route)
    {
        const string Prefix = "/v1/messages/batches/";
        const string Suffix = "/results";
        if (route.Surface != Surface.Relay || !HttpMethods.IsGet(method) || !route.Target.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var path = route.Target.AsSpan(Prefix.Length);
        path = path.IndexOf('?') is >= 0 and var query ? path[..query] : path;
        return path.EndsWith(Suffix) && path.IndexOf('/') == path.Length - Suffix.Length && path.Length > Suffix.Length ? path[..^Suffix.Length].ToString() : null;
    }

    /// <summary>Id of the row of a result.</summary>
    public static string IdOf(string batch, string customId) =>
        "batch-" + XxHash128.HashToUInt128(Encoding.UTF8.GetBytes($"{batch}\n{customId}")).ToString("x32", CultureInfo.InvariantCulture);

    private void Read(UsageReader result)
    {
        // Rows of this process may still be on their way to the ledger.
        var id = IdOf(batch, result.CustomId!);
        if (!state.BookedResults.TryAdd(id))
        {
            return;
        }

        var at = state.Time.GetUtcNow();
        var usage = Entries.UsageOf(result)!;
        var open = new OpenRequest(id, at, RequestKind.BatchResult)
        {
            Key = fetch.Open.Key,
            Client = fetch.Open.Client,
            Upstream = fetch.Open.Upstream,
            Model = result.Model,
            Output = usage.Output,
        };
        read.Add((open, new LedgerEntry
        {
            Id = id,
            At = at,
            Kind = RequestKind.BatchResult,
            Outcome = RequestOutcome.Completed,
            Key = open.Key,
            Client = open.Client,
            Upstream = open.Upstream,
            Platform = fetch.Upstream?.Platform,
            Model = open.Model,
            Status = 200,
            StopReason = result.StopReason,
            Usage = usage,
            Cost = Entries.CostOf(usage, open.Model, at, new BilledUsage { IsBatch = true, Speed = result.Speed, Platform = fetch.Upstream?.Platform }),
            Times = new EntryTimes { Total = 0 },
        }));
    }

    private async Task BookAllAsync()
    {
        if (read.Count == 0)
        {
            return;
        }

        var known = await KnownAsync();
        foreach (var (request, entry) in read)
        {
            if (!known.Contains(entry.Id))
            {
                added++;
                state.Sinks.Began(request);
                state.Sinks.Ended(request, entry);
            }
        }

        read.Clear();
        if (added >= AddedAtOnce)
        {
            added = 0;
            await state.Ledger.SettleAsync(state.Time, CancellationToken.None);
        }
    }

    // Where the ledger cannot be read nothing is known: better counted twice than not at all.
    private async Task<HashSet<string>> KnownAsync()
    {
        try
        {
            return [.. await state.Ledger.KnownAsync([.. read.Select(static one => one.Entry.Id)], CancellationToken.None)];
        }
        catch (LedgerException e)
        {
            Log.LedgerUnread(fetch.Log, e.Message);
            return [];
        }
    }
}
