using Tuppence.Messages.Models;
using Tuppence.Thrift;
using Tuppence.Thrift.Accounts;
using Tuppence.Thrift.Families;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Rewriting;
using Tuppence.Thrift.Simulation;
using Tuppence.Thrift.SingleFlight;
using Tuppence.Thrift.Traces;

namespace Tuppence.Tests.Unit.Thrift;

/// <summary>A rehearsal shows what would be sent and teaches nothing.</summary>
public sealed class RehearsalTests
{
    public static TheoryData<int, CacheLevel> Conversations
    {
        get
        {
            // Edits, lore, clock, sliding window, group, reordered lore: what teaches planner and rewriting something.
            var all = new TheoryData<int, CacheLevel>();
            foreach (var family in (int[])[3, 5, 6, 8, 9, 19])
            {
                foreach (var level in (CacheLevel[])[CacheLevel.Respect, CacheLevel.Markers, CacheLevel.Split, CacheLevel.Relocate, CacheLevel.Window, CacheLevel.RelocateWindow])
                {
                    all.Add(family, level);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Conversations))]
    public void A_conversation_with_rehearsals_in_between_goes_byte_for_byte_as_without(int family, CacheLevel level)
    {
        var trace = Family.All[family - 1].Make(0).Take(30).ToArray();
        var foreign = Family.All[7].Make(1).Take(3).ToArray();
        var (plain, rehearsed) = (new Run(level), new Run(level));
        for (var i = 0; i < trace.Length; i++)
        {
            var shown = rehearsed.Rehearse(trace[i].Body, trace[i].At);
            rehearsed.Rehearse(foreign[i % foreign.Length].Body, trace[i].At);
            rehearsed.Rehearse(trace[^1].Body, trace[i].At);
            rehearsed.Rehearse(trace[i / 2].Body, trace[i].At);

            var expected = plain.Send(trace[i]);
            var actual = rehearsed.Send(trace[i]);
            Assert.Equal(expected.Body, actual.Body);
            Assert.Equal(expected.Forecast, actual.Forecast);
            Assert.Equal(actual.Body, shown.Body);
            Assert.Equal(actual.Forecast, shown.Forecast);
            Assert.Equal(plain.Rewriting.RememberedBytes, rehearsed.Rewriting.RememberedBytes);
        }

        Assert.Equal(plain.Planner.Breakpoints.Save(), rehearsed.Planner.Breakpoints.Save());
    }

    [Fact]
    public void A_rehearsed_turn_can_be_neither_settled_nor_refreshed_nor_abandoned()
    {
        var stage = new ThriftStage();
        stage.Send(ThriftBodies.Chat([ThriftBodies.Text("card", 3000)], [ThriftBodies.Text("m0", 200)]), 0);
        var before = stage.Planner.Breakpoints.Save();
        using var plan = stage.Planner.Plan(
            ThriftBodies.Chat([ThriftBodies.Text("card", 3000)], [ThriftBodies.Text("m0", 200), ThriftBodies.Text("m1", 200), ThriftBodies.Text("m2", 200)]),
            ThriftBodies.Context(1) with { IsRehearsal = true });
        var turn = plan.Turn!;
        Assert.True(turn.Forecast.Tokens > 3000);

        stage.Planner.Settle(turn, new CacheBill(0, 0, 3600, 0));
        stage.Planner.Refresh(turn, new CacheBill(3600, 0, 0, 0), turn.At.AddMinutes(1));
        stage.Planner.Abandon(turn);

        Assert.Equal(before, stage.Planner.Breakpoints.Save());
    }

    [Fact]
    public void Neither_accounts_nor_single_flight_take_a_rehearsal()
    {
        var accounts = new CacheAccounts();
        var planner = new Planner(new PlannerOptions());
        var body = ThriftBodies.Chat([ThriftBodies.Text("card", 9000)], [ThriftBodies.Text("m0", 200)]);
        using var plan = planner.Plan(body, ThriftBodies.Context(0) with { IsRehearsal = true, AwaitsWrites = true });
        Assert.True(plan.Turn!.Forecast.Write5m + plan.Turn.Forecast.Write1h > 0);

        accounts.Begin(plan);

        Assert.Null(accounts.Settle(plan.Turn, plan.Turn.Forecast));
        Assert.Empty(accounts.Recent(9));
        Assert.Equal(0, accounts.TextBytes);
        Assert.Null(FlightTicket.For(plan));
        using var sent = planner.Plan(body, ThriftBodies.Context(0) with { AwaitsWrites = true });
        Assert.NotNull(FlightTicket.For(sent));
    }

    private sealed class Run(CacheLevel level)
    {
        private readonly CacheEngine engine = new(new CacheEngineOptions());
        private readonly PromptReader reader = new(ByteTokenCounter.Instance, ModelTable.Default);
        private readonly Prompt prompt = new();

        public ConversationRewriting Rewriting { get; } = new();

        public Planner Planner => field ??= new Planner(new PlannerOptions { Tokens = ScriptTokenCounter.Instance }, Rewriting);

        public (byte[] Body, CacheBill Forecast) Rehearse(ReadOnlyMemory<byte> body, DateTimeOffset at)
        {
            using var plan = Planner.Plan(body, Context(at) with { IsRehearsal = true });
            return (Bytes(plan), plan.Turn!.Forecast);
        }

        public (byte[] Body, CacheBill Forecast) Send(TraceRequest request)
        {
            using var plan = Planner.Plan(request.Body, Context(request.At));
            var bytes = Bytes(plan);
            Assert.True(reader.TryRead(bytes, prompt));
            var outcome = engine.Serve(new CacheStep("test", prompt, prompt.Breakpoints, prompt.Automatic, 1024, request.At));
            Planner.Settle(plan.Turn!, outcome.Bill);
            return (bytes, plan.Turn!.Forecast);
        }

        private PlanContext Context(DateTimeOffset at) => new("test", level, ThriftBodies.Prices, 1024, at, TakesSystemMessages: true);

        private static byte[] Bytes(CachePlan plan)
        {
            var bytes = new byte[plan.Length];
            plan.CopyTo(bytes);
            return bytes;
        }
    }
}
