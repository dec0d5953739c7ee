using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>Issue A, "Shown by" 6: every event of a stream arrives in order and none is held back.</summary>
public sealed class Every_event_arrives_at_once
{
    /// <summary>In lock-step: the upstream sends an event only when the client has seen the one before, so a single one held back would stop it all.</summary>
    [Theory]
    [InlineData("\n"), InlineData("\r\n"), InlineData("\r")]
    public async Task Two_hundred_events_each_sent_after_the_one_before_was_seen(string lineEnd)
    {
        const int Events = 200;
        var seen = new SemaphoreSlim(0);
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            for (var i = 0; i < Events; i++)
            {
                await call.SendChunkAsync(Event(i, lineEnd));
                await seen.WaitAsync();
            }

            await call.EndChunksAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream);

        using var client = await Sse.BeginAsync(gateway);
        for (var i = 0; i < Events; i++)
        {
            var expected = Event(i, lineEnd);
            Assert.Equal(expected, await Sse.ReadUntilAsync(client, expected));
            seen.Release();
        }

        Assert.Equal((true, ""), await Sse.ReadToEndAsync(client));
    }

    [Fact]
    public async Task The_head_arrives_before_the_first_event_is_sent()
    {
        var seen = new TaskCompletionSource();
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            await seen.Task;
            await call.SendChunkAsync(Sse.Start);
            await call.EndChunksAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream);

        using var client = await Sse.BeginAsync(gateway);
        seen.SetResult();

        Assert.Equal((true, Sse.Start), await Sse.ReadToEndAsync(client));
    }

    private static string Event(int number, string lineEnd) => (number % 3) switch
    {
        0 => $"event: x{lineEnd}data: {number}{lineEnd}{lineEnd}",
        1 => $": comment {number}{lineEnd}{lineEnd}",
        _ => $"data: {new string('w', number * 50)}{number}{lineEnd}{lineEnd}",
    };
}
