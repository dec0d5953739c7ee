using System.IO.Compression;
using System.Text.Json.Nodes;
using Tuppence.Thrift;
using Tuppence.Thrift.Replays;
using Tuppence.Thrift.Traces;

namespace Tuppence.Tests.Unit.Thrift.Rewriting;

/// <summary>The recorded traces at <c>relocate+window</c>, and at the other levels, with the limits that were set for them.</summary>
public sealed class RecordedRewritingTests
{
    private const double Limit = 0.19;

    private static readonly (string Trace, double Limit)[] Traces =
    [
        ("author-note", 1), ("author-note-stcache", 1), ("group-swap", 1), ("lorebook", 0.33), ("lorebook-stcache", 0.33), ("macros", 0.20), ("plain", 1),
        ("plain-stcache", 1), ("summarize", 0.24), ("swipes-and-edits", 1), ("truncation", 0.34),
    ];

    [Fact]
    public void The_traces_cost_no_more_than_their_limits_and_lose_nothing()
    {
        var logs = 0.0;
        foreach (var (name, limit) in Traces)
        {
            var trace = Read(name);
            var markers = Cost(trace, CacheLevel.Markers, out _, out _);
            foreach (var level in (CacheLevel[])[CacheLevel.Split, CacheLevel.Relocate, CacheLevel.Window, CacheLevel.RelocateWindow])
            {
                // The twins with the client's own breakpoints differ in nothing else.
                if (level != CacheLevel.RelocateWindow && name.EndsWith("-stcache", StringComparison.Ordinal))
                {
                    continue;
                }

                var cost = Cost(trace, level, out var kept, out var added);
                Assert.True(cost <= markers * 1.02, $"{name} costs {cost:F4} at {level} and {markers:F4} with markers alone.");
                Assert.True(kept >= 0.995, $"A request of {name} keeps {kept:P2} of its sentences at {level}.");
                Assert.True(added <= 0.10, $"{name} has {added:P2} text added on average at {level}.");
                if (level == CacheLevel.RelocateWindow)
                {
                    Assert.True(cost <= limit, $"{name} costs {cost:F4} of its input without caching; the limit is {limit:F2}.");
                    logs += Math.Log(cost);
                }
            }
        }

        var mean = Math.Exp(logs / Traces.Length);
        Assert.True(mean <= Limit, $"The geometric mean is {mean:F4}; the limit is {Limit:F2}.");
    }

    private static double Cost(IReadOnlyList<TraceRequest> trace, CacheLevel level, out double kept, out double added)
    {
        var (least, more, requests) = (1.0, 0.0, 0);
        var options = new ReplayOptions { Level = level };
        var result = new TraceReplay(options, ReplayPlanner.For(options)).Run(trace, (request, bytes) =>
        {
            requests++;
            if (level == CacheLevel.Markers)
            {
                return;
            }

            var (before, after) = (JsonNode.Parse(request.Body.Span)!, JsonNode.Parse(bytes.Span)!);
            var (sentences, text) = (Chat.Sentences(before).ToList(), Chat.AllText(after));
            var rewritten = Chat.Sentences(after).ToHashSet(StringComparer.Ordinal);
            least = Math.Min(least, (double)sentences.Count(sentence => rewritten.Contains(sentence) || text.Contains(sentence, StringComparison.Ordinal)) / sentences.Count);
            more += ((double)text.Length / Chat.AllText(before).Length) - 1;
        }, TestContext.Current.CancellationToken);
        (kept, added) = (least, more / requests);
        Assert.Equal((0, 0), (result.Rejected, result.Unread));
        return result.Ratio;
    }

    private static IReadOnlyList<TraceRequest> Read(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Tuppence.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.True(folder is not null, "The tests do not run from inside the repository, so the traces beside it cannot be found.");
        var path = Path.Combine(folder.FullName, "..", "shared", "data", "traces", name + ".jsonl.gz");
        Assert.True(File.Exists(path), $"The trace {name} is missing: shared/ must stand beside the repository.");
        using var unzipped = new MemoryStream();
        using (var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress))
        {
            file.CopyTo(unzipped);
        }

        return TraceReader.Read(unzipped.ToArray());
    }
}
