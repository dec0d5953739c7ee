using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Tuppence.Accounting;
using Tuppence.Dashboard.Json;
using Tuppence.State.Ledger;

namespace Tuppence.Dashboard.Live;

/// <summary>Tells open pages of each request as it begins, goes on and ends. Without an open page it costs a dictionary entry.</summary>
internal sealed class LiveRequests : IRequestSink
{
    /// <summary>Pages that are told at a time.</summary>
    public const int MostFeeds = 32;

    private readonly ConcurrentDictionary<string, OpenRequest> open = new(StringComparer.Ordinal);
    private ImmutableArray<LiveFeed> feeds = [];

    /// <summary>The requests under way, the oldest first.</summary>
    public IReadOnlyList<OpenRequest> Open => [.. open.Values.OrderBy(static request => request.Id, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public void Began(OpenRequest request)
    {
        open[request.Id] = request;
        Tell("began"u8, request, static (json, it) => LedgerJson.Write(json, it));
    }

    /// <inheritdoc/>
    public void Advanced(OpenRequest request) => Tell("advanced"u8, request, static (json, it) => LedgerJson.Write(json, it));

    /// <inheritdoc/>
    public void Ended(OpenRequest request, LedgerEntry entry)
    {
        open.TryRemove(request.Id, out _);
        Tell("ended"u8, entry, static (json, it) => LedgerJson.Write(json, it));
    }

    /// <summary>Begins to tell a page; null where too many are told already.</summary>
    public LiveFeed? Join()
    {
        var feed = new LiveFeed();
        while (true)
        {
            var now = feeds;
            if (now.Length >= MostFeeds)
            {
                return null;
            }

            if (ImmutableInterlocked.InterlockedCompareExchange(ref feeds, now.Add(feed), now) == now)
            {
                return feed;
            }
        }
    }

    /// <summary>Ends that.</summary>
    public void Leave(LiveFeed feed) => ImmutableInterlocked.Update(ref feeds, static (now, gone) => now.Remove(gone), feed);

    /// <summary>An event as server-sent events have it (https://html.spec.whatwg.org/multipage/server-sent-events.html); the JSON of one line.</summary>
    public static ReadOnlyMemory<byte> EventOf<T>(ReadOnlySpan<byte> name, T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        buffer.Write("event: "u8);
        buffer.Write(name);
        buffer.Write("\ndata: "u8);
        using (var json = new Utf8JsonWriter(buffer, Answers.Options))
        {
            write(json, value);
        }

        buffer.Write("\n\n"u8);
        return buffer.WrittenMemory;
    }

    private void Tell<T>(ReadOnlySpan<byte> name, T value, Action<Utf8JsonWriter, T> write)
    {
        var now = feeds;
        if (now.IsEmpty)
        {
            return;
        }

        var told = EventOf(name, value, write);
        foreach (var feed in now)
        {
            feed.Tell(told);
        }
    }
}
