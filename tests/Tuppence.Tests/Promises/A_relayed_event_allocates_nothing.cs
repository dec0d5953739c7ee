using System.Net;
using System.Net.Sockets;
using System.Text;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>Issue A, "Shown by" 7: no allocation per relayed SSE event.</summary>
/// <remarks>
/// The gateway runs in this process; the upstream and the client are one thread with two blocking sockets and fixed buffers, which
/// allocate nothing. That thread sends an event and waits until the client's side has all of it, so each event is received, relayed and
/// flushed by itself. The bytes that the whole process allocated while 10 N events passed, less those while N passed, over 9 N, is what
/// an event costs; what does not grow with the number of events falls out. The round nearest to nothing counts, of three, since a round
/// may meet something else that goes on in the process, in either of its halves. Bound: 8 bytes an event, less than the smallest object.
/// </remarks>
[Collection(nameof(Undisturbed))]
public sealed class A_relayed_event_allocates_nothing
{
    private const int Events = 100;
    private const int Rounds = 3;

    [Theory]
    [InlineData(Provider.Messages)]
    [InlineData(Provider.Bedrock)]
    public async Task Ten_times_the_events_cost_the_same_bytes(Provider provider)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        await using var gateway = await TestGateway.StartAsync(config => config with
        {
            LogLevel = LogVerbosity.Info,
            Upstream = "measured",
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal)
            {
                ["measured"] = new() { Url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}", Provider = provider, Region = "us-east-1" },
            },
        });

        var perEvent = await Task.Factory.StartNew(() => Measure(gateway.Port, listener, provider == Provider.Bedrock), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        TestContext.Current.TestOutputHelper?.WriteLine("Bytes an event, by round: " + string.Join(", ", perEvent.Select(static bytes => bytes.ToString("0.00"))));
        Assert.InRange(perEvent.Min(Math.Abs), 0, 8);
    }

    private static double[] Measure(int port, Socket listener, bool asFrames)
    {
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        client.Connect(IPAddress.Loopback, port);
        client.Send(Encoding.UTF8.GetBytes(RawClient.Post("/v1/messages", Sse.Body)));
        using var upstream = listener.Accept();
        upstream.NoDelay = true;
        upstream.Receive(new byte[65536]);
        upstream.Send(Encoding.ASCII.GetBytes(asFrames ? AwsFrames.Head : UpstreamCall.StreamHead));

        var text = asFrames
            ? AwsFrames.Chunk("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"word "}}""")
            : Encoding.UTF8.GetBytes(Sse.Delta("word "));
        byte[] chunk = [.. Encoding.ASCII.GetBytes($"{text.Length:x}\r\n"), .. text, .. "\r\n"u8];
        var buffer = new byte[65536];
        if (!asFrames)
        {
            // With frames the head leaves with the first event.
            ReceiveUntil(client, buffer, "\r\n\r\n"u8);
        }

        Relay(upstream, client, chunk, buffer, Events);
        var perEvent = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var start = GC.GetTotalAllocatedBytes(precise: true);
            Relay(upstream, client, chunk, buffer, Events);
            var few = GC.GetTotalAllocatedBytes(precise: true) - start;
            start = GC.GetTotalAllocatedBytes(precise: true);
            Relay(upstream, client, chunk, buffer, 10 * Events);
            perEvent[round] = (GC.GetTotalAllocatedBytes(precise: true) - start - few) / (9.0 * Events);
        }

        return perEvent;
    }

    /// <summary>One event at a time: the next is sent when this one has come out at the client, in the same framing.</summary>
    private static void Relay(Socket upstream, Socket client, byte[] chunk, byte[] buffer, int events)
    {
        for (var i = 0; i < events; i++)
        {
            upstream.Send(chunk.AsSpan());
            ReceiveUntil(client, buffer, "\n\n\r\n"u8);
        }
    }

    private static void ReceiveUntil(Socket socket, byte[] buffer, ReadOnlySpan<byte> end)
    {
        var length = 0;
        while (length < end.Length || !buffer.AsSpan(0, length).EndsWith(end))
        {
            var received = socket.Receive(buffer.AsSpan(length), SocketFlags.None);
            length += received > 0 ? received : throw new IOException("The stream ended.");
        }
    }
}
