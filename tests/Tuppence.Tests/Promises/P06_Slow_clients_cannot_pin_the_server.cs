using System.Diagnostics;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P6: a client that is slow with its head, its body or its reading costs little, and others are served meanwhile.</summary>
public sealed class P06_Slow_clients_cannot_pin_the_server
{
    // The promise is limit + 2 s; a machine under load gets five more.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(7);

    [Fact]
    public async Task A_head_that_does_not_come_to_its_end_is_answered_408()
    {
        var limit = TimeSpan.FromSeconds(1);
        await using var gateway = await TestGateway.StartAsync(change: config => config with { Limits = config.Limits with { RequestHeaders = limit } });
        using var client = await RawClient.ConnectAsync(gateway.Port);
        var watch = Stopwatch.StartNew();

        await client.SendAsync("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        var answer = await client.ReadAsync();

        Assert.Equal(408, answer.Status);
        Assert.Equal(0, (await client.ReadAsync()).Status);
        Assert.InRange(watch.Elapsed, limit, limit + Margin);
    }

    [Theory]
    [InlineData("/v1/messages")]
    [InlineData("/v1/files")]
    public async Task A_body_that_drips_is_answered_408_in_the_form_of_the_API(string path)
    {
        // The rate counts after a grace of 5 s.
        var grace = TimeSpan.FromSeconds(5);
        var whole = 0;
        await using var upstream = ScriptedUpstream.Start(call => Task.FromResult(call.IsBodyComplete ? Interlocked.Increment(ref whole) : 0));
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with { Limits = config.Limits with { MinRequestBytesPerSecond = 100_000 } });
        using var client = await RawClient.ConnectAsync(gateway.Port);
        var watch = Stopwatch.StartNew();

        await client.SendAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{{");
        var answer = await client.ReadAsync();

        Assert.Equal(408, answer.Status);
        Assert.Contains("timeout_error", answer.Text, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, grace - TimeSpan.FromSeconds(1), grace + Margin);
        Assert.Equal(0, Volatile.Read(ref whole));
    }

    [Fact]
    public async Task A_thousand_idle_connections_are_cheap_and_a_call_is_answered_beside_them()
    {
        const int Megabyte = 1024 * 1024;
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await GatewayProcess.StartAsync("--upstream", upstream.Url);
        await RawClient.ExchangeAsync(gateway.Port, RawClient.Post("/v1/messages", "{}"));
        var before = gateway.ResidentBytes;

        var idle = new List<RawClient>();
        for (var i = 0; i < 1000; i++)
        {
            idle.Add(await RawClient.ConnectAsync(gateway.Port));
        }

        // An answer on the last of them: all before it have been taken in.
        await idle[^1].SendAsync(RawClient.Post("/v1/messages", "{}"));
        Assert.Equal(200, (await idle[^1].ReadAsync()).Status);
        var grown = gateway.ResidentBytes - before;
        TestContext.Current.SendDiagnosticMessage($"1,000 idle connections: {grown / Megabyte} MB.");
        Assert.InRange(grown, -20 * Megabyte, 20 * Megabyte);

        // 300 of them begin a head and stop: a call is still answered.
        for (var i = 0; i < 300; i++)
        {
            await idle[i].SendAsync("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\n");
        }

        Assert.Equal(200, (await RawClient.ExchangeAsync(gateway.Port, RawClient.Post("/v1/messages", "{}"))).Status);
        idle.ForEach(static client => client.Dispose());
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_its_upstream_back_and_nobody_else()
    {
        const int Size = 256 * 1024 * 1024;
        var sent = 0;
        var part = new byte[256 * 1024];
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            if (call.RequestLine.Contains("/v1/large", StringComparison.Ordinal))
            {
                await call.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {Size}\r\n\r\n");
                for (var i = 0; i < Size / part.Length; i++)
                {
                    await call.SendAsync(part);
                    Interlocked.Add(ref sent, part.Length);
                }
            }
            else
            {
                await call.AnswerAsync(200, "{}");
            }
        });
        await using var gateway = await TestGateway.StartAsync(upstream);
        using var slow = await RawClient.ConnectAsync(gateway.Port);

        await slow.SendAsync(RawClient.Get("/v1/large"));
        Assert.Equal(200, (await slow.ReadHeadAsync())?.Status);
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(200, (await gateway.PostAsync("{}")).Status);
        }

        // What is in the sockets' buffers has left the upstream; the rest waits there, not in our memory.
        Assert.InRange(Volatile.Read(ref sent), 0, Size / 2);
        slow.Reset();
        await gateway.UntilIdleAsync();
    }
}
