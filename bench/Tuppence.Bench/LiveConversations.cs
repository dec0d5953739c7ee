using System.Globalization;
using Tuppence.Messages.Models;
using Tuppence.Thrift;
using Tuppence.Thrift.Accounts;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Rewriting;

namespace Tuppence.Bench;

/// <summary>What 1,000 conversations of 60 turns hold in memory that all go on at once: the planner alone, with accounts, and with the rewriting levels, which bound themselves (<see cref="RewritingOptions.MostBytes"/>).</summary>
internal static class LiveConversations
{
    private const int Conversations = 1000;
    private const int Turns = 60;
    private const int BytesPerBlock = 300;

    /// <summary>Measures and prints, in megabytes of the collected heap.</summary>
    public static void Run(TextWriter output)
    {
        foreach (var (level, accounts) in new[] { (CacheLevel.Markers, false), (CacheLevel.Markers, true), (CacheLevel.RelocateWindow, false) })
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{level}{(accounts ? " and accounts" : "")}: {Measured(level, accounts) / 1e6:F1} MB for {Conversations} conversations of {Turns} turns"));
        }
    }

    private static long Measured(CacheLevel level, bool withAccounts)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var planner = new Planner(new PlannerOptions(), new ConversationRewriting());
        var accounts = withAccounts ? new CacheAccounts() : null;
        var context = new PlanContext("bench", level, new ModelPrices(1000, 5000, 1250, 2000, 50, 500, 2500), 1024, DateTimeOffset.UnixEpoch, TakesSystemMessages: true);
        for (var turn = 0; turn < Turns; turn++)
        {
            for (var i = 0; i < Conversations; i++)
            {
                using var plan = planner.Plan(Bodies.LongChat(2 + (2 * turn), BytesPerBlock, seed: i), context with { At = context.At.AddSeconds((60 * turn) + (i * 0.05)) });
                accounts?.Begin(plan);
                planner.Settle(plan.Turn!, plan.Turn!.Forecast);
                accounts?.Settle(plan.Turn, plan.Turn.Forecast);
            }
        }

        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(planner);
        GC.KeepAlive(accounts);
        return held;
    }
}
