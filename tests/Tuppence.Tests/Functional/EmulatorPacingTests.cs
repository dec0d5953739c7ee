using Microsoft.Extensions.Time.Testing;
using Tuppence.Emulator;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional;

public sealed class EmulatorPacingTests
{
    private static readonly EmulatorOptions Lifelike = new() { TimeToFirstToken = TimeSpan.FromSeconds(2), TokensPerSecond = 10, PingInterval = TimeSpan.FromMilliseconds(900) };

    [Fact]
    public async Task The_head_waits_for_its_time_and_silence_is_filled_with_pings()
    {
        var clock = new GatewayClock();
        await using var emulator = await EmulatorHost.StartAsync(Lifelike, clock);
        var asking = emulator.PostAsync("/v1/messages", EmulatorScene.HelloStreamed);
        clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(asking.IsCompleted);

        var began = clock.GetUtcNow();
        var events = EmulatorHost.Events(await clock.AdvanceThroughAllAsync(TextAsync(asking)));
        var tokens = events.First(e => EmulatorHost.Text(e, "type") == "message_delta").GetProperty("usage").GetProperty("output_tokens").GetInt32();
        Assert.Equal("message_start ping content_block_start ping", string.Join(' ', events.Take(4).Select(e => EmulatorHost.Text(e, "type"))));
        Assert.True(clock.GetUtcNow() - began >= TimeSpan.FromSeconds(tokens / 10.0));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_client_that_leaves_stops_the_generation()
    {
        var clock = new FakeTimeProvider();
        await using var emulator = await EmulatorHost.StartAsync(Lifelike, clock);
        using (await emulator.OpenAsync(EmulatorHost.Post(EmulatorScene.HelloStreamed)))
        {
            Assert.Equal("began", await emulator.NextMomentAsync(TestContext.Current.CancellationToken));
        }

        // The clock stands still: only the client's leaving can end the request.
        Assert.Equal("ended", await emulator.NextMomentAsync(TestContext.Current.CancellationToken));
        Assert.Empty(emulator.Errors.Lines);
    }

    private static async Task<string> TextAsync(Task<HttpResponseMessage> asking)
    {
        using var response = await asking;
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
