using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Tuppence.Exchange;
using Tuppence.Messages.Batches;
using Tuppence.Messages.Pricing;
using Tuppence.Messages.Usage;
using Tuppence.State.Ledger;

namespace Tuppence.Accounting;

/// <summary>
/// Books the results of a message batch as they are fetched, each once: its row's id is made of the batch and the result's <c>custom_id</c>, so that the
/// ledger knows it again whenever, and by whichever process, the results are fetched.
/// </summary>
/// <param name="state">Sinks and clock.</param>
/// <param name="batch">The batch's id.</param>
/// <param name="fetch">The request that fetches the results.</param>
internal sealed class BatchBook(GatewayState state, string batch, RequestRecord fetch)
{
    private BatchResultsReader? reader;

    /// <summary>Takes the next bytes of the results.</summary>
    public void Feed(ReadOnlySpan<byte> bytes) => (reader ??= new BatchResultsReader(Book)).Feed(bytes);

    /// <summary>The results are over.</summary>
    public void End() => reader?.End();

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

    private void Book(UsageReader result)
    {
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
        state.Sinks.Began(open);
        state.Sinks.Ended(open, new LedgerEntry
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
        });
    }
}
