using Microsoft.Extensions.Time.Testing;
using Tuppence.Upstreams.Credentials.Cloud;

namespace Tuppence.Tests.Unit.Upstreams;

public sealed class RenewedTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly Queue<TaskCompletionSource<Lease<string>>> flights = new();
    private int started;

    [Fact]
    public async Task Many_callers_share_one_fetch()
    {
        var renewed = Of(Flight());
        var calls = Enumerable.Range(0, 50).Select(_ => renewed.GetAsync(TestContext.Current.CancellationToken).AsTask()).ToArray();
        Land("one", TimeSpan.FromHours(1));
        Assert.All(await Task.WhenAll(calls), lease => Assert.Equal("one", lease.Value));
        Assert.Equal(1, started);
    }

    [Fact]
    public async Task Near_its_end_it_is_renewed_while_the_old_one_serves()
    {
        var renewed = Of(Flight(), Flight());
        Assert.Equal("one", await FirstAsync(renewed));
        clock.Advance(TimeSpan.FromMinutes(54));
        Assert.Equal("one", await ValueAsync(renewed));
        Assert.Equal(1, started);

        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("one", await ValueAsync(renewed));
        Land("two", TimeSpan.FromHours(1));
        await UntilAsync(renewed, "two");
        Assert.Equal(2, started);
    }

    [Fact]
    public async Task A_short_life_is_renewed_at_three_quarters()
    {
        var renewed = Of(Flight(), Flight());
        Assert.Equal("one", await FirstAsync(renewed, TimeSpan.FromSeconds(60)));
        clock.Advance(TimeSpan.FromSeconds(44));
        Assert.Equal("one", await ValueAsync(renewed));
        Assert.Equal(1, started);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("one", await ValueAsync(renewed));
        Land("two", TimeSpan.FromSeconds(60));
        await UntilAsync(renewed, "two");
    }

    [Fact]
    public async Task A_failed_renewal_is_not_told_while_the_old_one_holds_and_told_after()
    {
        var renewed = Of(Flight(), Flight(), Flight());
        Assert.Equal("one", await FirstAsync(renewed));
        clock.Advance(TimeSpan.FromMinutes(57));
        Assert.Equal("one", await ValueAsync(renewed));
        flights.Dequeue().SetResult(new Lease<string>(null, null, "down"));
        Assert.Equal("one", await ValueAsync(renewed));
        clock.Advance(TimeSpan.FromMinutes(4));
        Task<Lease<string>> pending;
        do
        {
            // Until the failed flight is over and its pause has passed.
            clock.Advance(Renewed<string>.Pause);
            pending = renewed.GetAsync(TestContext.Current.CancellationToken).AsTask();
            await Task.Yield();
        }
        while (Volatile.Read(ref started) < 3);
        flights.Dequeue().SetResult(new Lease<string>(null, null, "still down"));
        Assert.Equal("still down", (await pending).Problem);
    }

    [Fact]
    public async Task A_failure_stands_for_two_seconds()
    {
        var renewed = Of(Flight(), Flight());
        var pending = renewed.GetAsync(TestContext.Current.CancellationToken);
        flights.Dequeue().SetResult(new Lease<string>(null, null, "down"));
        Assert.Equal("down", (await pending).Problem);
        Assert.Equal("down", (await renewed.GetAsync(TestContext.Current.CancellationToken)).Problem);
        Assert.Equal(1, started);
        clock.Advance(Renewed<string>.Pause);
        Assert.Equal("one", await FirstAsync(renewed));
    }

    [Fact]
    public async Task One_caller_that_leaves_does_not_end_the_fetch_of_the_others()
    {
        var renewed = Of(Flight());
        using var leaving = new CancellationTokenSource();
        var left = renewed.GetAsync(leaving.Token).AsTask();
        var stays = renewed.GetAsync(TestContext.Current.CancellationToken).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Land("one", TimeSpan.FromHours(1));
        Assert.Equal("one", (await stays).Value);
    }

    private Renewed<string> Of(params TaskCompletionSource<Lease<string>>[] planned)
    {
        var waiting = new Queue<TaskCompletionSource<Lease<string>>>(planned);
        foreach (var flight in planned)
        {
            flights.Enqueue(flight);
        }

        return new Renewed<string>(
            () =>
            {
                Interlocked.Increment(ref started);
                return waiting.Dequeue().Task;
            },
            clock);
    }

    private static TaskCompletionSource<Lease<string>> Flight() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Land(string value, TimeSpan life) => flights.Dequeue().SetResult(new Lease<string>(value, clock.GetUtcNow() + life, null));

    private async Task<string?> FirstAsync(Renewed<string> renewed, TimeSpan? life = null)
    {
        var pending = renewed.GetAsync(TestContext.Current.CancellationToken);
        Land("one", life ?? TimeSpan.FromHours(1));
        return (await pending).Value;
    }

    private static async Task<string?> ValueAsync(Renewed<string> renewed) => (await renewed.GetAsync(TestContext.Current.CancellationToken)).Value;

    private static async Task UntilAsync(Renewed<string> renewed, string value)
    {
        while (await ValueAsync(renewed) != value)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
