using System.Net;
using System.Net.Sockets;
using System.Text;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Tests.Promises;

/// <summary>P16: a name without an address fails soon and is looked up anew; a connection lives five minutes, so a change of DNS is followed.</summary>
public sealed class P16_Names_and_old_connections
{
    [Fact]
    public async Task A_name_without_an_address_is_a_502_within_2_s()
    {
        await using var gateway = await TestGateway.StartAsync(static config => config with { Upstream = "https://no-such-host.invalid" });
        var started = TimeProvider.System.GetTimestamp();

        var answer = await gateway.PostAsync("{}");

        Assert.Equal(502, answer.Status);
        Assert.Contains("“no-such-host.invalid” has no address", answer.Text, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 2);
    }

    [Fact]
    public async Task A_connection_in_use_all_the_time_is_not_used_after_five_minutes()
    {
        var clock = new GatewayClock();
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, time: clock);

        for (var seconds = 0; seconds <= 300; seconds += 50)
        {
            await gateway.PostAsync("{}");
            await gateway.UntilIdleAsync();
            Assert.Equal(1, upstream.Connections);
            clock.Advance(TimeSpan.FromSeconds(50));
        }

        await gateway.PostAsync("{}");
        Assert.Equal(2, upstream.Connections);
    }

    [Fact]
    public async Task A_connection_that_waits_is_closed_after_a_minute_or_two()
    {
        var clock = new GatewayClock();
        var closed = new TaskCompletionSource();
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.AnswerAsync(200, "{}");
            await call.UntilClosedAsync();
            closed.SetResult();
        });
        await using var gateway = await TestGateway.StartAsync(upstream, time: clock);

        await gateway.PostAsync("{}");
        await gateway.UntilIdleAsync();
        clock.Advance(TimeSpan.FromMinutes(2));

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_name_that_moves_is_followed_when_its_connection_has_lived_five_minutes()
    {
        var clock = new GatewayClock();
        await using var before = ScriptedUpstream.Start(static call => call.AnswerAsync(200, "\"before\""));
        await using var after = ScriptedUpstream.StartAt(new IPEndPoint(IPAddress.Parse("127.0.0.2"), before.Port), static call => call.AnswerAsync(200, "\"after\""));
        var address = "127.0.0.1";
        using var pool = PoolOf(before.Port, clock, (_, _) => Task.FromResult(new[] { IPAddress.Parse(address) }));

        Assert.Equal("\"before\"", await AskAsync(pool));
        address = "127.0.0.2";
        for (var seconds = 0; seconds < 300; seconds += 50)
        {
            Assert.Equal("\"before\"", await AskAsync(pool));
            clock.Advance(TimeSpan.FromSeconds(50));
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("\"after\"", await AskAsync(pool));
    }

    [Fact]
    public async Task A_failed_look_up_is_not_remembered()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        var lookUps = 0;
        using var pool = PoolOf(upstream.Port, TimeProvider.System, (_, _) => lookUps++ == 0
            ? Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound))
            : Task.FromResult(new[] { IPAddress.Loopback }));

        var (_, fault) = await pool.RentAsync(TestContext.Current.CancellationToken);

        Assert.Equal((FaultKind.NameNotResolved, true), (fault!.Kind, fault.NothingSent));
        Assert.Equal("{}", await AskAsync(pool));
    }

    private static ConnectionPool PoolOf(int port, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>> resolve) =>
        new(UpstreamOrigin.From(new Uri($"http://upstream.test:{port}")), new TcpConnector(TimeSpan.FromSeconds(20), time, resolve: resolve), time);

    private static async Task<string> AskAsync(ConnectionPool pool)
    {
        var (connection, fault) = await pool.RentAsync(TestContext.Current.CancellationToken);
        Assert.Null(fault);
        Assert.Null(await connection!.ExchangeAsync("GET / HTTP/1.1\r\nHost: upstream.test\r\n\r\n"u8.ToArray(), null, isHeadRequest: false));
        var body = new StringBuilder();
        BodyStep step;
        while ((step = connection.Next(out var payload)) != BodyStep.End)
        {
            Assert.NotEqual(BodyStep.Fault, step);
            body.Append(Encoding.UTF8.GetString(payload));
            if (step != BodyStep.Payload)
            {
                connection.Received(await connection.ReceiveAsync());
            }
        }

        pool.Return(connection);
        return body.ToString();
    }
}
