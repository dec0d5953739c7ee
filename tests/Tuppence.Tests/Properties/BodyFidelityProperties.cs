using System.Text;
using CsCheck;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Properties;

/// <summary>Issue A, "Shown by" 4: where no edit is declared, bodies pass byte for byte, both ways, over real sockets.</summary>
public sealed class BodyFidelityProperties
{
    private static readonly string[] Paths = ["/v1/messages", "//messages", "/v1/messages/count_tokens?beta=true", "/v1/files", "/v1/messages/batches", "/v1/to/come"];

    [Fact]
    public async Task Odd_bodies_go_up_and_come_back_as_they_are_however_framed_and_cut()
    {
        await using var upstream = ScriptedUpstream.Start(static call => EchoAsync(call));
        await using var gateway = await TestGateway.StartAsync(upstream);

        await Gen.Select(Gen.Int, OddBytes.Pick(Paths), Gen.Bool, OddBytes.Pick(1, 7, 300, 100_000)).SampleAsync(
            (seed, path, chunked, largest) => PassesAsync(gateway, upstream, path, OddBytes.Body(seed), chunked, seed, largest),
            iter: 200,
            threads: 1);
    }

    [Theory]
    [InlineData("/v1/messages", false), InlineData("/v1/messages", true), InlineData("/v1/files", false), InlineData("/v1/files", true)]
    public async Task Megabytes_of_base64_too(string path, bool chunked)
    {
        var image = new byte[5_000_000];
        new Random(7).NextBytes(image);
        var body = Encoding.UTF8.GetBytes($$$"""{"model":"claude-x", "messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","data":"{{{Convert.ToBase64String(image)}}}"}}]}]}""");
        await using var upstream = ScriptedUpstream.Start(static call => EchoAsync(call));
        await using var gateway = await TestGateway.StartAsync(upstream);

        await PassesAsync(gateway, upstream, path, body, chunked, 7, 200_000);
    }

    private static async Task PassesAsync(TestGateway gateway, ScriptedUpstream upstream, string path, byte[] body, bool chunked, int seed, int largest)
    {
        var before = upstream.Calls.Count;
        using var client = await RawClient.ConnectAsync(gateway.Port);
        var head = $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Coding: {seed & 1}\r\n"
            + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : $"Content-Length: {body.Length}\r\n\r\n");
        byte[] wire = [.. Encoding.ASCII.GetBytes(head), .. chunked ? OddBytes.Chunked(body, seed, largest) : body];
        // One byte a packet is for bodies that are not long.
        foreach (var run in OddBytes.Cut(wire, seed, Math.Max(largest, wire.Length / 400)))
        {
            await client.SendAsync(run);
        }

        var answer = await client.ReadAsync();

        Assert.Equal((200, true), (answer.Status, answer.IsComplete));
        Assert.True(body.AsSpan().SequenceEqual(upstream.Calls[before].Body), "upwards");
        Assert.True(body.AsSpan().SequenceEqual(answer.Body), "downwards");
    }

    private static Task EchoAsync(UpstreamCall call)
    {
        var chunked = call["X-Coding"] == "1";
        var head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : $"Content-Length: {call.Body.Length}\r\n\r\n");
        byte[] wire = [.. Encoding.ASCII.GetBytes(head), .. chunked ? OddBytes.Chunked(call.Body, call.Body.Length, Math.Max(50, call.Body.Length / 9)) : call.Body];
        return call.SendAsync(wire);
    }
}
