using Tuppence.Thrift;
using Tuppence.Thrift.Recording;
using Tuppence.Thrift.Replays;
using Tuppence.Thrift.Traces;

namespace Tuppence.Commands.Replays;

/// <summary>A trace that was read: requests in full, or a recording without content.</summary>
/// <param name="Requests">The requests; empty where there is no content.</param>
/// <param name="Recording">The recording without content, or null.</param>
internal sealed record LoadedTrace(IReadOnlyList<TraceRequest> Requests, IReadOnlyList<RecordedRequest>? Recording)
{
    /// <summary>Requests in it.</summary>
    public int Count => Recording?.Count ?? Requests.Count;

    /// <summary>Says why this cannot be replayed as it is asked for; null where it can.</summary>
    /// <param name="name">The trace's name.</param>
    /// <param name="level">What may be done.</param>
    /// <param name="writes">Whether the planned requests are to be written.</param>
    public string? Refusal(string name, CacheLevel level, bool writes)
    {
        if (Recording is null || (level <= CacheLevel.Markers && !writes))
        {
            return null;
        }

        var wanted = writes ? "there are no requests that --out could write" : $"there is no text that --level {LevelNames.NameOf(level)} could rewrite";
        var instead = writes ? "Leave --out away" : "Replay it at --level off, respect or markers";
        return $"{name} is a recording without content: it holds hashes and numbers in the place of text, so {wanted}. {instead}, or record the requests in full (tuppence record --bodies) and replay that.";
    }

    /// <summary>Replays it.</summary>
    /// <param name="options">How.</param>
    /// <param name="sent">Is told of each request as it is sent; never where there is no content.</param>
    /// <param name="stop">Ends it early.</param>
    public ReplayResult Replay(ReplayOptions options, Action<TraceRequest, ReadOnlyMemory<byte>>? sent, CancellationToken stop)
    {
        var replay = new TraceReplay(options, ReplayPlanner.For(options));
        return Recording is null ? replay.Run(Requests, sent, stop) : replay.Run(Recording, stop);
    }

    /// <summary>What it is measured against.</summary>
    public Yardsticks Measure(ReplayOptions options) => Recording is null ? Yardsticks.Of(Requests, options, []) : Yardsticks.Of(Recording, options, []);
}
