using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>
/// P15, and issue A "Shown by" 6: the upstream sees the close within 100 ms of the client's leaving, with 50 ms as the target for the median.
/// </summary>
/// <remarks>
/// Each phase is left 20 times, by turns in order (FIN) and with a reset. On a machine that is busy with other things a single
/// measurement says little, so a run over the bound is measured again, at most three times in all for the 20.
/// </remarks>
[Collection(nameof(Undisturbed))]
public sealed class P15_A_client_that_leaves_stops_the_upstream
{
    private const int Runs = 20;
    private const int Repeats = 3;

    public enum Phase
    {
        Upload, BeforeFirstByte, MidStream,
    }

    [Theory, InlineData(Phase.Upload), InlineData(Phase.BeforeFirstByte), InlineData(Phase.MidStream)]
    public async Task Within_100_ms(Phase phase)
    {
        var left = new List<TaskCompletionSource<long>>();
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            if (phase == Phase.MidStream)
            {
                await call.BeginStreamAsync();
                await call.SendChunkAsync(Sse.Start);
            }

            // In the upload phase the script runs when the body has broken off.
            await call.UntilClosedAsync();
            left[^1].SetResult(TimeProvider.System.GetTimestamp());
        });
        await using var gateway = await TestGateway.StartAsync(upstream);

        var times = new List<double>();
        for (var repeats = 0; times.Count < Runs;)
        {
            left.Add(new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
            var client = await BeginAsync(gateway, upstream, phase, left.Count - 1);
            var started = TimeProvider.System.GetTimestamp();
            (times.Count % 2 == 0 ? (Action)client.Leave : client.Reset)();
            var time = TimeProvider.System.GetElapsedTime(started, await left[^1].Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).TotalMilliseconds;
            if (time > 100 && repeats++ < Repeats)
            {
                continue;
            }

            times.Add(time);
        }

        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine($"{phase}: median {times[Runs / 2]:0.00} ms, longest {times[^1]:0.00} ms of {Runs}; target 50 ms");
        Assert.All(times, time => Assert.InRange(time, 0, 100));
        Assert.All(upstream.Calls, call => Assert.Equal(phase != Phase.Upload, call.IsBodyComplete));
    }

    [Fact]
    public async Task A_message_whose_upload_breaks_off_costs_the_upstream_nothing()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);
        var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
        await gateway.UntilOpenAsync(1);

        client.Leave();
        await gateway.UntilIdleAsync();

        Assert.Equal(0, upstream.Connections);
    }

    private static async Task<RawClient> BeginAsync(TestGateway gateway, ScriptedUpstream upstream, Phase phase, int index)
    {
        if (phase == Phase.MidStream)
        {
            var streaming = await Sse.BeginAsync(gateway);
            await Sse.ReadUntilAsync(streaming, "content_block_start");
            return streaming;
        }

        var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync(phase == Phase.BeforeFirstByte
            ? RawClient.Post("/v1/messages", Sse.Body)
            : $"POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: 9000000\r\n\r\n{new string('x', 100_000)}");
        await upstream.CallAsync(index);
        return client;
    }
}
