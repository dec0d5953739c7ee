using System.Text;
using BenchmarkDotNet.Attributes;
using Tuppence.Messages.Sse;

namespace Tuppence.Bench;

/// <summary>What the tap costs an event that is relayed: time and allocation for one event of a stream that never ends.</summary>
[MemoryDiagnoser]
public class StreamTap
{
    private const int Events = 1000;

    private byte[] delta = [];
    private byte[] longDelta = [];
    private SseBoundary boundary;

    [GlobalSetup]
    public void SetUp()
    {
        delta = Event("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" and again"}}""");
        longDelta = Event(
            "content_block_delta",
            $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{{{new string('x', 4096)}}}"}}""");
        boundary.Feed(delta);
        if (!boundary.IsAtBoundary)
        {
            throw new InvalidOperationException("An event that came in full must end at a boundary.");
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Events, Description = "a text delta in one piece")]
    public bool Whole()
    {
        for (var i = 0; i < Events; i++)
        {
            boundary.Feed(delta);
        }

        return boundary.IsAtBoundary;
    }

    [Benchmark(OperationsPerInvoke = Events, Description = "a text delta cut in two")]
    public bool Cut()
    {
        ReadOnlySpan<byte> bytes = delta;
        for (var i = 0; i < Events; i++)
        {
            boundary.Feed(bytes[..50]);
            boundary.Feed(bytes[50..]);
        }

        return boundary.IsAtBoundary;
    }

    [Benchmark(OperationsPerInvoke = Events, Description = "a 4 KB tool input delta")]
    public bool Large()
    {
        for (var i = 0; i < Events; i++)
        {
            boundary.Feed(longDelta);
        }

        return boundary.IsAtBoundary;
    }

    private static byte[] Event(string name, string data) => Encoding.UTF8.GetBytes($"event: {name}\ndata: {data}\n\n");
}
