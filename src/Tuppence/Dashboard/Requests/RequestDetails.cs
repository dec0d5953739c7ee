using Tuppence.Accounting;
using Tuppence.State.Ledger;

namespace Tuppence.Dashboard.Requests;

/// <summary>
/// Heads and edits of the latest requests, for the dashboard: 200 of them, 16 MB of bodies at most. In memory only, never stored; secrets are masked as they are taken in.
/// </summary>
internal sealed class RequestDetails : IRequestSink
{
    /// <summary>Requests that are remembered.</summary>
    public const int Most = 200;

    private const int MostBytes = 16 * 1024 * 1024;

    private readonly Dictionary<string, Kept> byId = new(StringComparer.Ordinal);
    private readonly Queue<string> byAge = new();
    private readonly Lock gate = new();
    private long bytes;

    /// <summary>Takes a request in whose answer is on its way. Its row follows.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="context">Its head and that of the answer.</param>
    /// <param name="bodies">Its bodies, or null; they are given back when they are forgotten.</param>
    public void Add(string id, HttpContext context, RequestBodies? bodies)
    {
        var hasAnswer = context.Response.HasStarted || !context.RequestAborted.IsCancellationRequested;
        var kept = new Kept(ShownHead.OfRequest(context), hasAnswer ? ShownHead.OfResponse(context) : null) { Bodies = bodies };
        lock (gate)
        {
            byId[id] = kept;
            byAge.Enqueue(id);
            bytes += bodies?.Length ?? 0;
            while (byAge.Count > Most || bytes > MostBytes)
            {
                if (byId.Remove(byAge.Dequeue(), out var oldest) && oldest.Bodies is { } gone)
                {
                    bytes -= gone.Length;
                    gone.Release();
                }
            }
        }
    }

    /// <summary>What is remembered of a request that is over; null where it is forgotten.</summary>
    public RequestDetail? Find(string id)
    {
        lock (gate)
        {
            return byId.TryGetValue(id, out var kept) && kept.Entry is { } entry
                ? new RequestDetail(entry, kept.Request, kept.Response, kept.Bodies?.Before.ToArray(), kept.Bodies?.After.ToArray(), kept.Bodies?.Answer.ToArray(), kept.Bodies?.IsAnswerCut == true)
                : null;
        }
    }

    /// <inheritdoc/>
    public void Began(OpenRequest request)
    {
        // Its head is taken in at the end.
    }

    /// <inheritdoc/>
    public void Advanced(OpenRequest request)
    {
        // Its head is taken in at the end.
    }

    /// <inheritdoc/>
    public void Ended(OpenRequest request, LedgerEntry entry)
    {
        lock (gate)
        {
            if (byId.TryGetValue(request.Id, out var kept))
            {
                kept.Entry = entry;
            }
        }
    }

    private sealed class Kept(ShownHead request, ShownHead? response)
    {
        public ShownHead Request => request;

        public ShownHead? Response => response;

        public RequestBodies? Bodies { get; init; }

        public LedgerEntry? Entry { get; set; }
    }
}
