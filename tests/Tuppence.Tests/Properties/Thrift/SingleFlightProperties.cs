using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Tuppence.Thrift.SingleFlight;

namespace Tuppence.Tests.Properties.Thrift;

public sealed class SingleFlightProperties
{
    [Fact]
    public async Task In_any_order_nobody_waits_for_ever_and_nothing_is_left() =>
        await Gen.Int.Select(Gen.Int[2, 40]).SampleAsync(
            async (seed, steps) =>
            {
                var random = new Random(seed);
                var time = new FakeTimeProvider();
                var gate = new SingleFlightGate(new SingleFlightOptions(), time);
                var waiting = new List<(Task<Flight> Task, CancellationTokenSource Leaving)>();
                for (var i = 0; i < steps; i++)
                {
                    var leaving = new CancellationTokenSource();
                    waiting.Add((gate.EnterAsync(Ticket(random), leaving.Token).AsTask(), leaving));
                    await Act(random, waiting, time);
                }

                // Whoever still waits goes when the bound is over, whatever the first ones do.
                time.Advance(TimeSpan.FromSeconds(11));
                foreach (var (task, leaving) in waiting)
                {
                    if (!task.IsCanceled)
                    {
                        try
                        {
                            (await task).Dispose();
                        }
                        catch (OperationCanceledException)
                        {
                            Assert.True(leaving.IsCancellationRequested);
                        }
                    }

                    leaving.Dispose();
                }

                Assert.Equal(0, gate.Count);
            },
            iter: 300,
            threads: 1);

    [Fact]
    public async Task In_parallel_at_most_one_leads_at_a_time()
    {
        var gate = new SingleFlightGate(new SingleFlightOptions { LongestWait = TimeSpan.FromHours(1) }, new FakeTimeProvider());
        var leading = 0;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(
            async () =>
            {
                using var flight = await gate.EnterAsync(new FlightTicket { Scope = "here", Writes = [1], Saving = 1_000_000_000 }, TestContext.Current.CancellationToken);
                if (flight.Leads)
                {
                    Assert.Equal(1, Interlocked.Increment(ref leading));
                    await Task.Yield();
                    Interlocked.Decrement(ref leading);
                    if (i % 3 == 0)
                    {
                        flight.Began();
                    }
                }
            },
            TestContext.Current.CancellationToken)));
        Assert.Equal(0, gate.Count);
    }

    private static FlightTicket Ticket(Random random) => new()
    {
        Scope = "here",
        Reads = random.Next(2) == 0 ? null : (UInt128)(uint)random.Next(4),
        Writes = [.. Enumerable.Range(0, random.Next(3)).Select(_ => (UInt128)(uint)random.Next(4)).Distinct()],
        Saving = 1_000_000_000,
    };

    private static async Task Act(Random random, List<(Task<Flight> Task, CancellationTokenSource Leaving)> waiting, FakeTimeProvider time)
    {
        var (task, leaving) = waiting[random.Next(waiting.Count)];
        switch (random.Next(4))
        {
            case 0 when task.IsCompletedSuccessfully:
                (await task).Began();
                break;
            case 1 when task.IsCompletedSuccessfully:
                (await task).Dispose();
                break;
            case 2:
                await leaving.CancelAsync();
                break;
            default:
                time.Advance(TimeSpan.FromSeconds(random.Next(4)));
                break;
        }
    }
}
