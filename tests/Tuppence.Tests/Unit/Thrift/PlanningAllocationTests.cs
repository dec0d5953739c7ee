namespace Tuppence.Tests.Unit.Thrift;

public sealed class PlanningAllocationTests
{
    [Fact]
    public void A_plan_allocates_no_more_for_a_large_body_than_for_a_small_one()
    {
        var small = Measured(blocks: 40, tokens: 50);
        var large = Measured(blocks: 400, tokens: 500);
        Assert.True(large < small + 512, $"{small} bytes for a small body, {large} for a large one");
    }

    /// <summary>Bytes allocated by the cheapest of several plans of a request that was seen before: arrays have grown by then.</summary>
    private static long Measured(int blocks, int tokens)
    {
        var stage = new ThriftStage();
        var body = ThriftBodies.Chat([ThriftBodies.Text("card", 2000)], Enumerable.Range(0, blocks - 1).Select(i => ThriftBodies.Text($"m{i}", tokens)));
        var least = long.MaxValue;
        for (var i = 0; i < 12; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            using (var plan = stage.Planner.Plan(body, ThriftBodies.Context(i)))
            {
                stage.Planner.Settle(plan.Turn!, plan.Turn!.Forecast);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
