using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tuppence.Commands;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>
/// P35: told to stop, the gateway says so on <c>/health</c>, takes no connection any more, lets open answers finish, ends what is left
/// after the drain with an error event, and exits with 0; told twice, at once.
/// </summary>
public sealed class P35_It_stops_in_order
{
    private const string Event = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\"}\n\n";
    private const string Stop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Health_says_503_as_soon_as_it_is_stopping()
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.Equal(200, (await gateway.SendAsync(RawClient.Get("/health"))).Status);

        gateway.Host.State.BeginStopping();

        var answer = await gateway.SendAsync(RawClient.Get("/health"));
        Assert.Equal((503, """{"status":"stopping","upstreams":{"emulator":"ok"}}"""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task For_the_stop_delay_it_says_503_to_new_connections_and_serves_them()
    {
        var time = new FakeTimeProvider();
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with { Timeouts = config.Timeouts with { StopDelay = TimeSpan.FromSeconds(10) } }, time);

        var stopping = gateway.Host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(503, (await gateway.SendAsync(RawClient.Get("/health")).WaitAsync(Patience, TestContext.Current.CancellationToken)).Status);
        Assert.Equal(200, (await gateway.PostAsync("{}").WaitAsync(Patience, TestContext.Current.CancellationToken)).Status);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(503, (await gateway.SendAsync(RawClient.Get("/health")).WaitAsync(Patience, TestContext.Current.CancellationToken)).Status);

        time.Advance(TimeSpan.FromSeconds(1));
        await UntilRefusedAsync(gateway.Port).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await stopping.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task No_connection_is_taken_while_open_answers_finish()
    {
        await using var scene = await Scene.StartAsync(streams: 5);

        var stopping = scene.Gateway.Host.StopAsync(TestContext.Current.CancellationToken);
        await UntilRefusedAsync(scene.Gateway.Port);
        Assert.False(stopping.IsCompleted);

        scene.Finish.SetResult();
        foreach (var client in scene.Clients)
        {
            var text = await RestAsync(client);
            Assert.EndsWith(Stop, text, StringComparison.Ordinal);
            Assert.DoesNotContain("event: error", text, StringComparison.Ordinal);
        }

        await stopping;
    }

    [Fact]
    public async Task What_is_open_after_the_drain_ends_with_an_error_event()
    {
        await using var scene = await Scene.StartAsync(streams: 3);

        var stopping = scene.Gateway.Host.StopAsync(TestContext.Current.CancellationToken);
        await UntilRefusedAsync(scene.Gateway.Port);
        scene.Time.Advance(Drain - TimeSpan.FromSeconds(1));
        Assert.False(stopping.IsCompleted);
        scene.Time.Advance(TimeSpan.FromSeconds(1));

        foreach (var client in scene.Clients)
        {
            var text = await RestAsync(client);
            Assert.Contains("event: error\ndata: {\"type\":\"error\"", text, StringComparison.Ordinal);
            Assert.Contains("Tuppence is stopping", text, StringComparison.Ordinal);
            Assert.EndsWith("\n\n", text, StringComparison.Ordinal);
        }

        await stopping;
    }

    [Fact]
    public async Task A_second_word_ends_the_drain_at_once()
    {
        await using var scene = await Scene.StartAsync(streams: 1);
        using var now = new CancellationTokenSource();

        var stopping = scene.Gateway.Host.StopAsync(now.Token);
        await UntilRefusedAsync(scene.Gateway.Port);
        await now.CancelAsync();

        // The clock stands still: nothing but the second word can have ended it.
        Assert.Contains("Tuppence is stopping", await RestAsync(scene.Clients[0]), StringComparison.Ordinal);
        await stopping;
    }

    [Fact]
    public async Task The_process_drains_on_SIGTERM_and_exits_with_0()
    {
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = Streaming(finish.Task);
        await using var gateway = await GatewayProcess.StartAsync("--upstream", upstream.Url);
        var clients = await OpenAsync(gateway.Port, 50);

        gateway.Signal(GatewayProcess.Terminate);
        await UntilRefusedAsync(gateway.Port);
        finish.SetResult();

        foreach (var client in clients)
        {
            Assert.EndsWith(Stop, await RestAsync(client), StringComparison.Ordinal);
            client.Dispose();
        }

        Assert.Equal(ExitCode.Success, await gateway.ExitAsync());
    }

    [Fact]
    public async Task A_second_SIGTERM_ends_the_process_now()
    {
        await using var upstream = Streaming(new TaskCompletionSource().Task);
        await using var gateway = await GatewayProcess.StartAsync("--upstream", upstream.Url, "--set", "timeouts.drain_seconds=3600");
        using var client = (await OpenAsync(gateway.Port, 1))[0];

        gateway.Signal(GatewayProcess.Terminate);
        await UntilRefusedAsync(gateway.Port);
        gateway.Signal(GatewayProcess.Terminate);

        Assert.Contains("Tuppence is stopping", await RestAsync(client), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, await gateway.ExitAsync());
    }

    private static ScriptedUpstream Streaming(Task finish) => ScriptedUpstream.Start(async call =>
    {
        await call.BeginStreamAsync();
        await call.SendChunkAsync(Event);
        await finish;
        await call.SendChunkAsync(Stop);
        await call.EndChunksAsync();
    });

    /// <summary>Opens streams and reads the first event of each.</summary>
    private static async Task<List<RawClient>> OpenAsync(int port, int count)
    {
        var clients = new List<RawClient>();
        for (var i = 0; i < count; i++)
        {
            var client = await RawClient.ConnectAsync(port);
            await client.SendAsync(RawClient.Post("/v1/messages", """{"stream":true}"""));
            Assert.Equal(200, (await client.ReadHeadAsync())?.Status);
            Assert.Equal(Event, Encoding.UTF8.GetString((await client.ReadChunkAsync())!));
            clients.Add(client);
        }

        return clients;
    }

    private static async Task<string> RestAsync(RawClient client)
    {
        var rest = new StringBuilder();
        while (await client.ReadChunkAsync() is { Length: > 0 } chunk)
        {
            rest.Append(Encoding.UTF8.GetString(chunk));
        }

        return rest.ToString();
    }

    private static async Task UntilRefusedAsync(int port)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            try
            {
                using var client = await RawClient.ConnectAsync(port);
                client.Reset();
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return;
            }
            catch (SocketException)
            {
                // Taken by the system and reset as the listener closed.
            }
        }
    }

    private sealed class Scene : IAsyncDisposable
    {
        public required FakeTimeProvider Time { get; init; }

        public required ScriptedUpstream Upstream { get; init; }

        public required TestGateway Gateway { get; init; }

        public required List<RawClient> Clients { get; init; }

        public required TaskCompletionSource Finish { get; init; }

        public static async Task<Scene> StartAsync(int streams)
        {
            var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var time = new FakeTimeProvider();
            var upstream = Streaming(finish.Task);
            var gateway = await TestGateway.StartAsync(upstream, static config => config with { Timeouts = new TimeoutConfig { Drain = Drain, Ping = TimeSpan.Zero } }, time);
            return new Scene { Time = time, Upstream = upstream, Gateway = gateway, Finish = finish, Clients = await OpenAsync(gateway.Port, streams) };
        }

        public async ValueTask DisposeAsync()
        {
            Clients.ForEach(static client => client.Dispose());
            await Gateway.DisposeAsync();
            await Upstream.DisposeAsync();
        }
    }
}
