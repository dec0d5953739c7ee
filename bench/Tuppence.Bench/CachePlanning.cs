using BenchmarkDotNet.Attributes;
using Tuppence.Messages.Models;
using Tuppence.Thrift;
using Tuppence.Thrift.Planning;

namespace Tuppence.Bench;

/// <summary>What deciding costs for a chat of 800 KB and 400 blocks that goes on turn by turn: parsing, hashing, forecast, choice and bookkeeping.</summary>
[MemoryDiagnoser]
public class CachePlanning
{
    private const int Turns = 64;

    private readonly List<byte[]> bodies = [];
    private byte[] destination = [];
    private Planner planner = new(new PlannerOptions());
    private PlanContext context = new("bench", CacheLevel.Markers, new ModelPrices(1000, 5000, 1250, 2000, 50, 500, 2500), 1024, DateTimeOffset.UnixEpoch);
    private int turn;

    [GlobalSetup]
    public void SetUp()
    {
        for (var i = 0; i < Turns; i++)
        {
            bodies.Add(Bodies.LongChat(blocks: 400 - (2 * Turns) + (2 * i), bytesPerBlock: 2000));
        }

        destination = new byte[bodies[^1].Length];
    }

    /// <summary>The floor: one pass over the same bytes.</summary>
    [Benchmark(Baseline = true)]
    public void CopyOnly() => bodies[^1].CopyTo(destination, 0);

    [Benchmark]
    public int PlanAndSettle()
    {
        if (turn == Turns)
        {
            turn = 0;
            planner = new Planner(new PlannerOptions());
        }

        context = context with { At = context.At.AddSeconds(60) };
        using var plan = planner.Plan(bodies[turn++], context);
        planner.Settle(plan.Turn!, plan.Turn!.Forecast);
        return plan.Length;
    }
}
