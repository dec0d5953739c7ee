using System.IO.Hashing;
using BenchmarkDotNet.Attributes;
using Tuppence.Messages.Models;
using Tuppence.Thrift;
using Tuppence.Thrift.Planning;

namespace Tuppence.Bench;

/// <summary>
/// What deciding costs for a chat of 400 blocks that goes on turn by turn: parsing, hashing, forecast, choice and bookkeeping. Each
/// measured call is one request, so that the percentiles are those of requests.
/// </summary>
[Config(typeof(EachCall))]
public class CachePlanning
{
    private const int Turns = 64;
    private const int Blocks = 400;

    private static readonly ModelPrices Prices = new(1000, 5000, 1250, 2000, 50, 500, 2500);

    private readonly List<byte[]> bodies = [];
    private byte[] destination = [];
    private readonly Planner planner = new(new PlannerOptions());
    private PlanContext context = new("bench", CacheLevel.Markers, Prices, 1024, DateTimeOffset.UnixEpoch);
    private int turn;

    /// <summary>Size of the request.</summary>
    [Params(200, 800, 3200)]
    public int KiloBytes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        for (var i = 0; i < Turns; i++)
        {
            bodies.Add(Bodies.LongChat(Blocks - (2 * Turns) + (2 * (i + 1)), KiloBytes * 1000 / Blocks));
        }

        destination = new byte[bodies[^1].Length];
    }

    /// <summary>The floor: one hash over the same bytes.</summary>
    [Benchmark(Baseline = true)]
    public ulong HashOnly() => XxHash3.HashToUInt64(bodies[^1]);

    /// <summary>A copy of the same bytes.</summary>
    [Benchmark]
    public void CopyOnly() => bodies[^1].CopyTo(destination, 0);

    /// <summary>The conversation goes on: every request has a turn more than the one before.</summary>
    [Benchmark]
    public int PlanAndSettle()
    {
        if (turn == Turns)
        {
            turn = 0;
        }

        context = context with { At = context.At.AddSeconds(60) };
        using var plan = planner.Plan(bodies[turn++], context);
        planner.Settle(plan.Turn!, plan.Turn!.Forecast);
        return plan.Length;
    }
}
