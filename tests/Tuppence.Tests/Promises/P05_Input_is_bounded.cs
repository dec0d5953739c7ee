using System.IO.Compression;
using System.Text;
using Tuppence.Configuration;
using Tuppence.Messages.Edits;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P5: no body, however sent, nested or compressed, takes more than its limit.</summary>
public sealed class P05_Input_is_bounded
{
    private const int Megabyte = 1024 * 1024;

    [Theory]
    [InlineData("/v1/messages", true, 0)]
    [InlineData("/v1/messages", false, 0)]
    [InlineData("/v1/messages/count_tokens", true, 0)]
    [InlineData("/v1/files", true, 0)]
    [InlineData("/v1/files", false, 1)]
    public async Task A_body_over_the_limit_is_answered_413_in_the_form_of_the_API(string path, bool isDeclared, int mostCalls)
    {
        var whole = 0;
        await using var upstream = ScriptedUpstream.Start(call => Task.FromResult(call.IsBodyComplete ? Interlocked.Increment(ref whole) : 0));
        await using var gateway = await TestGateway.StartAsync(upstream, Limited);
        using var client = await RawClient.ConnectAsync(gateway.Port);

        await client.SendAsync(Head(path, isDeclared ? $"Content-Length: {Megabyte + 1}\r\n" : "Transfer-Encoding: chunked\r\n"));
        var sending = SendBodyAsync(client, Megabyte + 1, isChunked: !isDeclared);
        var answer = await client.ReadAsync();
        await sending;

        Assert.Equal(413, answer.Status);
        Assert.StartsWith("""{"type":"error","error":{"type":"request_too_large","message":"The request body is larger than the 1 MB""", answer.Text, StringComparison.Ordinal);
        Assert.Equal(0, (await client.ReadAsync()).Status);
        Assert.True(upstream.Calls.Count <= mostCalls);
        Assert.Equal(0, Volatile.Read(ref whole));
    }

    [Theory]
    [InlineData("/v1/messages", true)]
    [InlineData("/v1/messages", false)]
    [InlineData("/v1/files", true)]
    [InlineData("/v1/files", false)]
    public async Task A_body_of_just_the_limit_passes_whole(string path, bool isDeclared)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, Limited);
        using var client = await RawClient.ConnectAsync(gateway.Port);

        await client.SendAsync(Head(path, isDeclared ? $"Content-Length: {Megabyte}\r\n" : "Transfer-Encoding: chunked\r\n"));
        await SendBodyAsync(client, Megabyte, isChunked: !isDeclared);

        Assert.Equal(200, (await client.ReadAsync()).Status);
        Assert.Equal(Megabyte, Assert.Single(upstream.Calls).Body.Length);
    }

    [Fact]
    public async Task Without_an_edit_the_nesting_of_a_body_is_the_upstreams_matter()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);
        var body = Nested(100_000);

        Assert.Equal(200, (await gateway.PostAsync(body)).Status);
        Assert.Equal(body, Assert.Single(upstream.Calls).Text);
    }

    [Theory]
    [InlineData(60, 200)]
    [InlineData(65, 400)]
    [InlineData(1_000_000, 400)]
    public async Task Where_an_edit_reads_the_body_it_may_be_nested_64_deep(int depth, int status)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with { FilterSamplingParams = SamplingFilterMode.On });

        var answer = await gateway.PostAsync(Nested(depth));

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200 ? 1 : 0, upstream.Calls.Count);
        Assert.True(status == 200 || answer.Text.Contains("64", StringComparison.Ordinal), answer.Text);
    }

    [Fact]
    public async Task A_compressed_body_passes_as_bytes_where_nothing_is_edited()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);
        var body = Bomb();
        using var client = await RawClient.ConnectAsync(gateway.Port);

        await client.SendAsync(Head("/v1/messages", $"Content-Encoding: gzip\r\nContent-Length: {body.Length}\r\n"));
        await client.SendAsync(body);

        Assert.Equal(200, (await client.ReadAsync()).Status);
        Assert.Equal("gzip", Assert.Single(upstream.Calls)["Content-Encoding"]);
        Assert.Equal(body, upstream.Calls[0].Body);
    }

    [Fact]
    public async Task A_compressed_body_that_would_be_edited_is_refused_and_never_unpacked()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, presets: ("story", """{"system":"Tell."}"""));
        var body = Bomb();
        using var client = await RawClient.ConnectAsync(gateway.Port);

        await client.SendAsync(Head("/v1/story/messages", $"Content-Encoding: gzip\r\nContent-Length: {body.Length}\r\n"));
        await client.SendAsync(body);
        var answer = await client.ReadAsync();

        Assert.Equal(415, answer.Status);
        Assert.Contains("compressed (gzip)", answer.Text, StringComparison.Ordinal);
        Assert.Empty(upstream.Calls);
    }

    [Fact]
    public async Task Memory_grows_by_less_than_three_limits()
    {
        const int Limit = 64 * Megabyte;
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await GatewayProcess.StartAsync("--upstream", upstream.Url, "--set", $"limits.max_body_bytes={Limit}", "--set", $"limits.max_upload_bytes={Limit}");
        Assert.Equal(200, (await RawClient.ExchangeAsync(gateway.Port, RawClient.Post("/v1/messages", "{}"))).Status);
        var before = gateway.PeakBytes;

        foreach (var path in new[] { "/v1/messages", "/v1/files" })
        {
            using var client = await RawClient.ConnectAsync(gateway.Port);
            await client.SendAsync(Head(path, "Transfer-Encoding: chunked\r\n"));
            var sending = SendBodyAsync(client, Limit + 1, isChunked: true);
            Assert.Equal(413, (await client.ReadAsync()).Status);
            await sending;
        }

        var grown = gateway.PeakBytes - before;
        TestContext.Current.SendDiagnosticMessage($"Two bodies beyond {Limit / Megabyte} MB: the process grew by {grown / Megabyte} MB at its peak.");
        Assert.InRange(grown, 0, 3L * Limit);
    }

    [Fact]
    public async Task A_length_that_is_only_claimed_takes_no_memory()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);
        var before = GC.GetTotalAllocatedBytes();
        var clients = new List<RawClient>();
        for (var i = 0; i < 20; i++)
        {
            var client = await RawClient.ConnectAsync(gateway.Port);
            clients.Add(client);
            await client.SendAsync(Head("/v1/messages", $"Content-Length: {128 * Megabyte}\r\n") + "{");
        }

        await gateway.UntilOpenAsync(clients.Count);
        // Twenty claims of 128 MB; other tests of this process allocate too, but not gigabytes.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1024L * Megabyte);
        clients.ForEach(static client => client.Dispose());
    }

    private static GatewayConfig Limited(GatewayConfig config) => config with { Limits = config.Limits with { MaxBodyBytes = Megabyte, MaxUploadBytes = Megabyte } };

    private static string Head(string path, string framing) => $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{framing}\r\n";

    private static string Nested(int depth) => $$"""{"model":"m","messages":[],"x":{{new string('[', depth)}}{{new string(']', depth)}}}""";

    private static byte[] Bomb()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var i = 0; i < 64; i++)
            {
                gzip.Write(new byte[Megabyte]);
            }
        }

        return packed.ToArray();
    }

    /// <summary>Sends until all is out or the gateway has closed.</summary>
    private static async Task SendBodyAsync(RawClient client, int size, bool isChunked)
    {
        var part = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));
        try
        {
            for (var left = size; left > 0; left -= part.Length)
            {
                var now = part.AsMemory(0, Math.Min(left, part.Length));
                await client.SendAsync(isChunked ? Encoding.ASCII.GetBytes($"{now.Length:x}\r\n") : default(ReadOnlyMemory<byte>));
                await client.SendAsync(now);
                await client.SendAsync(isChunked ? "\r\n" : "");
            }

            await client.SendAsync(isChunked ? "0\r\n\r\n" : "");
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The answer is on its way, and the rest of the body is not wanted.
        }
    }
}
