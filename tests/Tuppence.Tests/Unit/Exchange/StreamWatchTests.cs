using Microsoft.Extensions.Time.Testing;
using Tuppence.Configuration;
using Tuppence.Exchange;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Tests.Unit.Exchange;

public sealed class StreamWatchTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly UpstreamConnection connection;
    private int pings;

    public StreamWatchTests() => connection = new UpstreamConnection(new MemoryStream(), null, time.GetTimestamp());

    public void Dispose() => connection.Dispose();

    [Fact]
    public void The_head_has_exactly_its_time()
    {
        using var watch = Watch(new TimeoutConfig { ResponseHeaders = TimeSpan.FromSeconds(7) });

        Advance(6.999);
        Assert.False(connection.IsAborted);
        Advance(0.001);

        Assert.True(connection.IsAborted);
        Assert.Equal((FaultKind.HeadTimeout, "no response head for 7 s"), (watch.Fault!.Kind, watch.Fault.Detail));
    }

    [Fact]
    public async Task Silence_is_counted_from_the_last_byte()
    {
        using var watch = Watch(new TimeoutConfig { ResponseHeaders = TimeSpan.FromSeconds(1), Idle = TimeSpan.FromSeconds(10), Ping = TimeSpan.Zero });
        watch.BeginBody(PingAsync);
        watch.Exit();
        Advance(9.999);
        await watch.EnterAsync();
        watch.Exit();
        Advance(9.999);
        Assert.Null(watch.Fault);
        Advance(0.001);

        Assert.Equal(FaultKind.IdleTimeout, watch.Fault?.Kind);
        Assert.Equal(0, pings);
    }

    [Fact]
    public void A_client_that_reads_slowly_is_no_silence_of_the_upstream()
    {
        using var watch = Watch(new TimeoutConfig { Idle = TimeSpan.FromSeconds(10), Ping = TimeSpan.FromSeconds(3) });
        watch.BeginBody(PingAsync);

        for (var i = 0; i < 100; i++)
        {
            Advance(3);
        }

        Assert.Null(watch.Fault);
        Assert.Equal(0, pings);
    }

    [Fact]
    public async Task Pings_come_at_each_interval_of_silence_until_the_idle_limit()
    {
        using var watch = Watch(new TimeoutConfig { Idle = TimeSpan.FromSeconds(100), Ping = TimeSpan.FromSeconds(30) });
        watch.BeginBody(PingAsync);
        watch.Exit();
        Advance(29.999);
        Assert.Equal(0, pings);
        Advance(0.001);
        Assert.Equal(1, pings);
        Advance(20);
        await watch.EnterAsync();
        watch.Exit();

        // The upstream spoke at 50 s: silence counts from there.
        Advance(29.999);
        Assert.Equal(1, pings);
        Advance(0.001);
        Assert.Equal(2, pings);
        Advance(30);
        Advance(30);
        Assert.Equal((4, null), (pings, watch.Fault));
        Advance(10);
        Assert.Equal((4, FaultKind.IdleTimeout), (pings, watch.Fault?.Kind));
    }

    [Fact]
    public void The_total_limit_counts_from_the_first_attempt_and_through_everything()
    {
        var started = time.GetTimestamp();
        Advance(15);
        using var watch = new StreamWatch(time, new TimeoutConfig { Total = TimeSpan.FromSeconds(20) }, connection, started);
        watch.BeginBody(PingAsync);
        watch.Exit();

        Advance(4.998);
        Assert.Null(watch.Fault);
        Advance(0.002);

        Assert.Equal(FaultKind.TotalTimeout, watch.Fault?.Kind);
    }

    [Fact]
    public async Task Relaying_waits_for_a_ping_that_is_on_its_way_however_long_it_takes()
    {
        var sent = new TaskCompletionSource();
        using var watch = Watch(new TimeoutConfig { Idle = TimeSpan.FromSeconds(100), Ping = TimeSpan.FromSeconds(30) });
        watch.BeginBody(() => new ValueTask(sent.Task));
        watch.Exit();
        Advance(30);
        Advance(30);
        Advance(30);

        var entering = Task.Run(async () => await watch.EnterAsync(), TestContext.Current.CancellationToken);
        Assert.NotSame(entering, await Task.WhenAny(entering, Task.Run(static () => { }, TestContext.Current.CancellationToken)));
        sent.SetResult();
        await entering.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        // The stream is the relay's again: no ping until it leaves.
        Advance(60);
        Assert.Null(watch.Fault);
    }

    [Fact]
    public async Task A_ping_that_fails_since_the_client_left_harms_nothing()
    {
        using var watch = Watch(new TimeoutConfig { Idle = TimeSpan.FromSeconds(100), Ping = TimeSpan.FromSeconds(30) });
        watch.BeginBody(() => throw new IOException("gone"));
        watch.Exit();

        Advance(30);

        await watch.EnterAsync();
        Assert.Null(watch.Fault);
    }

    [Fact]
    public void The_first_reason_stays()
    {
        using var watch = Watch(new TimeoutConfig { ResponseHeaders = TimeSpan.FromSeconds(7) });
        watch.Stop(new UpstreamFault(FaultKind.Aborted, "stopping"));
        Advance(10);

        Assert.Equal(FaultKind.Aborted, watch.Fault?.Kind);
    }

    private StreamWatch Watch(TimeoutConfig limits) => new(time, limits, connection, time.GetTimestamp());

    private void Advance(double seconds) => time.Advance(TimeSpan.FromSeconds(seconds));

    private ValueTask PingAsync()
    {
        pings++;
        return default;
    }
}
