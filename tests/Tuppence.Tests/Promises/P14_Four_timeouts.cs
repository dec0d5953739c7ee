using System.Net;
using System.Net.Sockets;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P14: connect, response headers, idle and total each have their own limit and words. Exact moments are tested in <c>StreamWatchTests</c>.</summary>
public sealed class P14_Four_timeouts
{
    private const string Ping = "event: ping\ndata: {\"type\": \"ping\"}\n\n";

    private readonly GatewayClock clock = new();

    [Fact]
    public async Task Connecting_has_a_limit_that_holds_the_handshake_too()
    {
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen();
        await using var gateway = await StartAsync(null, new TimeoutConfig { Connect = TimeSpan.FromSeconds(4) }, $"https://127.0.0.1:{((IPEndPoint)silent.LocalEndPoint!).Port}");

        var answer = await clock.AdvanceThroughAsync(gateway.PostAsync("{}"), TimeSpan.FromSeconds(4));

        AssertTimeout(answer, "no connection within 4 s", "nothing was sent");
    }

    [Fact]
    public async Task The_response_head_has_a_limit()
    {
        await using var upstream = ScriptedUpstream.Start(static call => call.UntilClosedAsync());
        await using var gateway = await StartAsync(upstream, new TimeoutConfig { ResponseHeaders = TimeSpan.FromSeconds(7) });

        var answering = gateway.PostAsync("{}");
        await upstream.CallAsync();
        var answer = await clock.AdvanceThroughAsync(answering, TimeSpan.FromSeconds(7));

        AssertTimeout(answer, "no response head for 7 s", "may have worked on the request");
    }

    [Fact]
    public async Task A_silent_stream_has_a_limit_and_pings_of_the_upstream_are_no_silence()
    {
        var next = new SemaphoreSlim(0);
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            for (var i = 0; i < 6; i++)
            {
                await call.SendChunkAsync(Ping);
                await next.WaitAsync();
            }

            await call.UntilClosedAsync();
        });
        var idle = TimeSpan.FromSeconds(9);
        await using var gateway = await StartAsync(upstream, new TimeoutConfig { Idle = idle, Ping = TimeSpan.Zero });
        using var client = await Sse.BeginAsync(gateway);

        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(Ping, await Sse.ReadUntilAsync(client, Ping));
            clock.Advance(TimeSpan.FromSeconds(5));
            next.Release();
        }

        var text = await clock.AdvanceUntilAsync(Sse.ReadUntilAsync(client, "\n\n"), idle);
        Assert.Contains("nothing came for 9 s", text, StringComparison.Ordinal);
        Assert.Contains("timeout_error", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_whole_has_a_limit_however_busy_the_stream()
    {
        var next = new SemaphoreSlim(0);
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            while (true)
            {
                await call.SendChunkAsync(Ping);
                await next.WaitAsync();
            }
        });
        var total = TimeSpan.FromSeconds(20);
        await using var gateway = await StartAsync(upstream, new TimeoutConfig { Total = total });
        using var client = await Sse.BeginAsync(gateway);
        // For the head, then for the body; a clock that moved between the reckoning and the arming would ring too late.
        await clock.UntilArmedAsync(total);
        await clock.UntilArmedAsync(total);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Ping, await Sse.ReadUntilAsync(client, Ping));
            clock.Advance(TimeSpan.FromSeconds(6));
            next.Release();
        }

        Assert.Equal(Ping, await Sse.ReadUntilAsync(client, Ping));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("the whole answer may take 20 s", await Sse.ReadUntilAsync(client, "\n\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ping_is_made_after_30_s_of_silence_between_events_and_never_inside_one()
    {
        var next = new SemaphoreSlim(0);
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            await call.SendChunkAsync("event: x\nda");
            await next.WaitAsync();
            await call.SendChunkAsync("ta: 1\n");
            await next.WaitAsync();
            await call.SendChunkAsync("\n");
            await call.UntilClosedAsync();
        });
        var silence = TimeSpan.FromSeconds(30);
        await using var gateway = await StartAsync(upstream, new TimeoutConfig { Idle = TimeSpan.FromDays(1) });
        using var client = await Sse.BeginAsync(gateway);

        foreach (var part in (string[])["event: x\nda", "ta: 1\n"])
        {
            Assert.Equal(part, await Sse.ReadUntilAsync(client, part));
            for (var i = 0; i < 4; i++)
            {
                clock.Advance(silence);
                await clock.UntilArmedAsync(silence);
            }

            next.Release();
        }

        Assert.Equal("\n", await Sse.ReadUntilAsync(client, "\n"));
        Assert.Equal(Ping, await clock.AdvanceUntilAsync(Sse.ReadUntilAsync(client, Ping), silence));
        Assert.Equal(Ping, await clock.AdvanceUntilAsync(Sse.ReadUntilAsync(client, Ping), silence));
    }

    private static void AssertTimeout(RawResponse answer, params string[] words)
    {
        Assert.Equal(504, answer.Status);
        Assert.StartsWith("{\"type\":\"error\",\"error\":{\"type\":\"timeout_error\",", answer.Text, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, answer.Text, StringComparison.Ordinal));
    }

    private Task<TestGateway> StartAsync(ScriptedUpstream? upstream, TimeoutConfig timeouts, string? url = null) =>
        TestGateway.StartAsync(upstream, config => config with { Timeouts = timeouts, Upstream = url ?? config.Upstream }, clock);
}
