using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Tests.Unit.Upstreams;

public sealed class ConnectionPoolTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new();
    private ScriptedUpstream upstream = null!;
    private ConnectionPool pool = null!;
    private string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    public ValueTask InitializeAsync()
    {
        upstream = ScriptedUpstream.Start(call => call.SendAsync(answer));
        var origin = UpstreamOrigin.From(new Uri(upstream.Url));
        pool = new ConnectionPool(origin, new TcpConnector(TimeSpan.FromSeconds(10), time), time);
        return default;
    }

    public ValueTask DisposeAsync()
    {
        pool.Dispose();
        return upstream.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_ended_well_is_used_again_the_last_used_first()
    {
        var (first, second) = (await UseAsync(), await UseAsync());
        pool.Return(first);
        pool.Return(second);

        Assert.Same(second, await RentAsync());
        Assert.Same(first, await RentAsync());
        first.Dispose();
        second.Dispose();
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nunasked")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n")]
    public async Task One_that_closes_or_says_more_than_it_should_is_not(string text)
    {
        answer = text;
        var first = await UseAsync();
        pool.Return(first);

        using var second = await RentAsync();
        Assert.NotSame(first, second);
    }

    [Fact]
    public async Task One_whose_answer_was_not_read_to_the_end_is_not()
    {
        answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab";
        var first = await UseAsync();
        pool.Return(first);

        using var second = await RentAsync();
        Assert.NotSame(first, second);
    }

    [Fact]
    public async Task One_that_the_other_side_closed_meanwhile_is_not()
    {
        var first = await UseAsync();
        pool.Return(first);
        await upstream.DisposeAsync();
        SpinWait.SpinUntil(() => first.IsStale, TimeSpan.FromSeconds(10));

        var (second, fault) = await pool.RentAsync(TestContext.Current.CancellationToken);
        Assert.Equal((null, FaultKind.ConnectFailed), (second, fault?.Kind));
    }

    [Fact]
    public async Task One_older_than_five_minutes_is_not_and_goes_at_its_return()
    {
        var first = await UseAsync();
        time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromTicks(1));
        pool.Return(first);

        using var second = await RentAsync();
        Assert.NotSame(first, second);
        Assert.True(first.IsAborted);
    }

    [Fact]
    public async Task One_that_waited_a_minute_is_closed_by_the_sweep()
    {
        var first = await UseAsync();
        time.Advance(TimeSpan.FromSeconds(30));
        pool.Return(first);

        time.Advance(TimeSpan.FromSeconds(60));
        Assert.False(first.IsAborted);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(first.IsAborted);
    }

    [Fact]
    public async Task A_closed_pool_keeps_nothing()
    {
        var (waiting, used) = (await UseAsync(), await UseAsync());
        pool.Return(waiting);
        pool.Dispose();
        Assert.True(waiting.IsAborted);
        Assert.False(used.IsAborted);

        pool.Return(used);
        Assert.True(used.IsAborted);
    }

    [Fact]
    public async Task A_connection_at_rest_still_works()
    {
        var first = await UseAsync();
        pool.Return(first);
        var again = await RentAsync();

        Assert.Null(await again.ExchangeAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), null, isHeadRequest: false));
        Assert.Equal(BodyStep.End, again.Next(out _));
        Assert.Equal(1, upstream.Connections);
        again.Dispose();
    }

    private async Task<UpstreamConnection> RentAsync() => (await pool.RentAsync(TestContext.Current.CancellationToken)).Connection!;

    private async Task<UpstreamConnection> UseAsync()
    {
        var connection = await RentAsync();
        Assert.Null(await connection.ExchangeAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), null, isHeadRequest: false));
        while (connection.Next(out _) is BodyStep.Payload)
        {
            // Read what is there.
        }

        return connection;
    }
}
