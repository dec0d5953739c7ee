using System.Text;
using CsCheck;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Properties;

/// <summary>Issue A, "Shown by" 4: a stream arrives byte for byte, whatever it holds and however it is framed and cut.</summary>
public sealed class StreamFidelityProperties
{
    public enum Framing
    {
        Chunked, Length, UntilClose,
    }

    [Fact]
    public async Task Odd_streams_arrive_as_they_are() => await SampleAsync(longest: 0, iterations: 200);

    [Fact]
    public async Task Data_lines_of_a_megabyte_too() => await SampleAsync(longest: 1_000_000, iterations: 8);

    private static async Task SampleAsync(int longest, int iterations)
    {
        byte[] wire = [];
        var (cut, seed, close) = (1, 0, false);
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            // The next sample is set up as soon as the client has this answer's last byte.
            var closes = close;
            foreach (var run in OddBytes.Cut(wire, seed, cut))
            {
                await call.SendAsync(run);
            }

            if (closes)
            {
                call.Close();
            }
        });
        await using var gateway = await TestGateway.StartAsync(upstream);

        await Gen.Select(Gen.Int, Gen.Enum<Framing>(), OddBytes.Pick(1, 3, 50, 5000), OddBytes.Pick(1, 9, 700, 100_000)).SampleAsync(
            async (start, framing, chunk, packet) =>
            {
                var stream = OddBytes.Stream(start, longest);
                var head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + framing switch
                {
                    Framing.Chunked => "Transfer-Encoding: chunked\r\n\r\n",
                    Framing.Length => $"Content-Length: {stream.Length}\r\n\r\n",
                    _ => "\r\n",
                };
                wire = [.. Encoding.ASCII.GetBytes(head), .. framing == Framing.Chunked ? OddBytes.Chunked(stream, start, longest == 0 ? chunk : chunk + 5000) : stream];
                (seed, cut, close) = (start, Math.Max(packet, wire.Length / 400), framing == Framing.UntilClose);

                var answer = await gateway.PostAsync(Sse.Body);

                Assert.Equal((200, true), (answer.Status, answer.IsComplete));
                Assert.True(stream.AsSpan().SequenceEqual(answer.Body));
            },
            iter: iterations,
            threads: 1);
    }
}
