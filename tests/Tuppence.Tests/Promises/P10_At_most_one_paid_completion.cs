using System.Collections.Concurrent;
using CsCheck;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P10: a request is sent again only where nothing of it was sent, or the upstream said that it did not take it.</summary>
public sealed class P10_At_most_one_paid_completion
{
    private const int MaxRetries = 3;

    [Fact]
    public Task Whatever_the_upstream_does_in_whatever_order() => Gen.Enum<Play>().Array[0, 7].SampleAsync(
        async script =>
        {
            var expected = 1;
            while (expected <= MaxRetries && expected <= script.Length && Plays.IsRetried(script[expected - 1]))
            {
                expected++;
            }

            Assert.Equal(expected, await CountAsync(script));
        },
        iter: 120,
        threads: 4);

    [Theory]
    [InlineData(Play.ResetBeforeHead), InlineData(Play.CloseBeforeHead), InlineData(Play.NoHttp), InlineData(Play.CutBody), InlineData(Play.ResetBody)]
    [InlineData(Play.BadChunk), InlineData(Play.CutStream), InlineData(Play.ResetStream), InlineData(Play.ErrorEvent), InlineData(Play.SilentBeforeHead)]
    [InlineData(Play.SilentStream), InlineData(Play.Status400), InlineData(Play.Status401), InlineData(Play.HalfHead), InlineData(Play.RefusedFor)]
    public async Task A_request_that_may_have_been_taken_is_sent_once(Play play) => Assert.Equal(1, await CountAsync([play]));

    [Fact]
    public async Task A_POST_on_a_kept_connection_that_closes_is_not_sent_again()
    {
        await using var upstream = ScriptedUpstream.Start(static call =>
        {
            if (call.Text == "\"second\"")
            {
                call.Close();
                return Task.CompletedTask;
            }

            return call.AnswerAsync(200, "{}");
        });
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with { Retry = Fast });

        Assert.Equal(200, (await gateway.PostAsync("\"first\"")).Status);
        var second = await gateway.PostAsync("\"second\"");

        Assert.Equal((502, 2, 1), (second.Status, upstream.Calls.Count, upstream.Connections));
        Assert.Contains("did not send it again", second.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idle_connection_that_the_upstream_closed_is_not_used()
    {
        var closed = new TaskCompletionSource();
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.AnswerAsync(200, "{}");
            if (call.Text == "\"first\"")
            {
                call.Close();
                closed.SetResult();
            }
        });
        await using var gateway = await TestGateway.StartAsync(upstream);

        Assert.Equal(200, (await gateway.PostAsync("\"first\"")).Status);
        await closed.Task;
        Assert.Equal(200, (await gateway.PostAsync("\"next\"")).Status);

        Assert.Equal((2, 2), (upstream.Calls.Count, upstream.Connections));
    }

    [Fact]
    public async Task A_connection_refused_is_tried_again_and_counted()
    {
        using var closed = new ClosedPort();
        await using var gateway = await TestGateway.StartAsync(config => config with { Upstream = closed.Url, Retry = Fast });

        var answer = await gateway.PostAsync("{}");

        Assert.Equal(502, answer.Status);
        Assert.Contains("nothing was sent", answer.Text, StringComparison.Ordinal);
        Assert.Equal(MaxRetries, gateway.Host.State.Counters.Retries);
    }

    [Fact]
    public async Task A_body_that_streams_past_is_sent_once()
    {
        await using var upstream = ScriptedUpstream.Answering("{}", 529);
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with { Retry = Fast });

        Assert.Equal(529, (await gateway.PostAsync("{}", "/v1/messages/batches")).Status);
        Assert.Single(upstream.Calls);
    }

    /// <summary>With fallbacks: of all upstreams together at most one is asked that may have done the work.</summary>
    [Fact]
    public Task Whatever_several_upstreams_do_in_whatever_order() => Gen.Enum<Play>().Array[0, 4].Array[3].SampleAsync(
        async scripts =>
        {
            var played = new ConcurrentQueue<Play>();
            await using var a = Scripted(scripts[0], played);
            await using var b = Scripted(scripts[1], played);
            await using var c = Scripted(scripts[2], played);
            await using var gateway = await TestGateway.StartAsync(config => config with
            {
                Upstream = "a",
                Fallback = ["b", "c"],
                Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["a"] = new() { Url = a.Url }, ["b"] = new() { Url = b.Url }, ["c"] = new() { Url = c.Url } },
                Retry = Fast with { MaxRetries = 1 },
                Timeouts = Short,
            });

            var answer = await gateway.PostAsync(Sse.Body);

            Assert.NotEqual(0, answer.Status);
            Assert.InRange(played.Count(Plays.MayBePaid), 0, 1);
            Assert.All(played.SkipLast(1), play => Assert.False(Plays.MayBePaid(play)));
        },
        iter: 60,
        threads: 4);

    private static ScriptedUpstream Scripted(Play[] script, ConcurrentQueue<Play> played)
    {
        var sent = -1;
        return ScriptedUpstream.Start(call =>
        {
            var index = Interlocked.Increment(ref sent);
            var play = index < script.Length ? script[index] : Play.Answer;
            played.Enqueue(play);
            return Plays.PlayAsync(call, play);
        });
    }

    private static TimeoutConfig Short => new() { ResponseHeaders = TimeSpan.FromMilliseconds(300), Idle = TimeSpan.FromMilliseconds(300) };

    private static RetryConfig Fast => new() { MaxRetries = MaxRetries, BaseDelay = TimeSpan.FromMilliseconds(1) };

    private static async Task<int> CountAsync(Play[] script)
    {
        var sent = 0;
        await using var upstream = ScriptedUpstream.Start(call =>
        {
            var index = Interlocked.Increment(ref sent) - 1;
            return Plays.PlayAsync(call, index < script.Length ? script[index] : Play.Answer);
        });
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with
        {
            Retry = Fast,
            Timeouts = Short,
        });

        var answer = await gateway.PostAsync(Sse.Body);

        Assert.NotEqual(0, answer.Status);
        return upstream.Calls.Count;
    }
}
