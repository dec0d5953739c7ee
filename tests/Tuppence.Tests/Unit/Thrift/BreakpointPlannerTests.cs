using Tuppence.Thrift;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Tests.Unit.Thrift;

public sealed class BreakpointPlannerTests
{
    private static readonly string[] Card = [ThriftBodies.Text("main", 400), ThriftBodies.Text("card", 2500)];

    [Fact]
    public void A_growing_chat_is_read_up_to_its_last_turn()
    {
        var stage = new ThriftStage();
        var outcome = Talk(stage, turns: 20);
        Assert.True(outcome.Bill.Read > outcome.Bill.Tokens * 0.9);
        Assert.True(stage.Cost < stage.Uncached * 0.25);
    }

    [Fact]
    public void The_forecast_is_the_bill()
    {
        var stage = new ThriftStage();
        for (var turn = 1; turn < 30; turn++)
        {
            var (planned, outcome) = stage.Send(ThriftBodies.Chat(Card, Messages("a", turn)), turn + (turn > 15 ? 40 : 0));
            Assert.Equal(outcome.Bill, planned.Forecast);
        }
    }

    [Fact]
    public void Two_chats_in_turn_are_two_lineages_and_both_are_read()
    {
        var stage = new ThriftStage();
        for (var turn = 1; turn < 12; turn++)
        {
            var (a, first) = stage.Send(ThriftBodies.Chat(Card, Messages("a", turn)), turn);
            var (b, second) = stage.Send(ThriftBodies.Chat(Card, Messages("b", turn)), turn + 0.5);
            Assert.NotEqual(a.Lineage, b.Lineage);
            Assert.True(turn < 8 || (first.Bill.Read > first.Bill.Tokens * 0.8 && second.Bill.Read > second.Bill.Tokens * 0.8));
        }
    }

    [Fact]
    public void Three_speakers_in_turn_keep_three_prefixes()
    {
        var stage = new ThriftStage();
        var last = new CacheOutcome[3];
        for (var turn = 0; turn < 30; turn++)
        {
            last[turn % 3] = stage.Send(ThriftBodies.Chat([ThriftBodies.Text($"speaker{turn % 3}", 1500)], Messages("g", 1 + (turn / 2))), turn * 0.3).Outcome;
        }

        Assert.All(last, static outcome => Assert.True(outcome.Bill.Read > outcome.Bill.Tokens * 0.7));
    }

    [Fact]
    public void A_clock_at_the_top_soon_ends_all_writing()
    {
        var stage = new ThriftStage();
        CacheOutcome outcome = default;
        for (var turn = 1; turn < 25; turn++)
        {
            outcome = stage.Send(ThriftBodies.Chat([$"It is {turn} past.", .. Card], Messages("a", turn)), turn).Outcome;
        }

        Assert.Equal(0, outcome.Bill.Write5m + outcome.Bill.Write1h);
    }

    [Fact]
    public void A_turn_knows_its_parent_and_where_it_parts_from_it()
    {
        var stage = new ThriftStage();
        var (first, _) = stage.Send(ThriftBodies.Chat(Card, Messages("a", 3)), 0);
        var (second, _) = stage.Send(ThriftBodies.Chat(Card, Messages("a", 4)), 1);
        Assert.Null(first.Parent);
        Assert.Same(first, second.Parent);
        Assert.Equal(first.BlockCount, second.Divergence);
        Assert.Equal(first.Lineage, second.Lineage);
    }

    [Fact]
    public void What_an_answered_request_wrote_is_counted_on_however_soon_the_next_one_comes()
    {
        var planner = new ThriftStage().Planner;
        using var first = planner.Plan(ThriftBodies.Chat(Card, Messages("a", 5)), ThriftBodies.Context(0));
        planner.Settle(first.Turn!, first.Turn!.Forecast);
        using var second = planner.Plan(ThriftBodies.Chat(Card, Messages("a", 5)), ThriftBodies.Context(0.5 / 60));
        Assert.Equal(first.Turn.Forecast.Write5m + first.Turn.Forecast.Write1h, second.Turn!.Forecast.Read);
    }

    [Fact]
    public void A_lost_entry_is_no_longer_forecast()
    {
        var planner = new ThriftStage().Planner;
        using var first = planner.Plan(ThriftBodies.Chat(Card, Messages("a", 5)), ThriftBodies.Context(0));
        planner.Settle(first.Turn!, first.Turn!.Forecast);
        using var second = planner.Plan(ThriftBodies.Chat(Card, Messages("a", 5)), ThriftBodies.Context(1));
        Assert.True(second.Turn!.Forecast.Read > 0);
        planner.Settle(second.Turn, new CacheBill(0, 0, 0, second.Turn.Forecast.Tokens));
        using var third = planner.Plan(ThriftBodies.Chat(Card, Messages("a", 5)), ThriftBodies.Context(2));
        Assert.Equal(0, third.Turn!.Forecast.Read);
    }

    [Fact]
    public void An_hour_that_the_provider_made_five_minutes_is_over_after_five_minutes()
    {
        // Another chat, with pauses that only an hour outlives, earns first what an hour costs.
        var stage = new ThriftStage();
        for (var turn = 1; turn < 8; turn++)
        {
            stage.Send(ThriftBodies.Chat(Card, Messages("b", turn)), turn * 12);
        }

        var planner = stage.Planner;
        string[] card = ["Another card altogether.", .. Card];
        using var first = planner.Plan(ThriftBodies.Chat(card, Messages("a", 5)), ThriftBodies.Context(100));
        var forecast = first.Turn!.Forecast;
        Assert.True(forecast.Write1h > 0);
        planner.Settle(first.Turn, new CacheBill(0, 0, forecast.Write1h + forecast.Write5m, forecast.Uncached));
        using var second = planner.Plan(ThriftBodies.Chat(card, Messages("a", 5)), ThriftBodies.Context(104));
        Assert.True(second.Turn!.Forecast.Read > 0);
        planner.Abandon(second.Turn);
        using var third = planner.Plan(ThriftBodies.Chat(card, Messages("a", 5)), ThriftBodies.Context(120));
        Assert.Equal(0, third.Turn!.Forecast.Read);
    }

    [Fact]
    public void What_was_never_sent_was_never_written()
    {
        var planner = new ThriftStage().Planner;
        using var first = planner.Plan(ThriftBodies.Chat(Card, Messages("a", 5)), ThriftBodies.Context(0));
        Assert.True(first.Turn!.Forecast.Write1h + first.Turn.Forecast.Write5m > 0);
        planner.Abandon(first.Turn);
        using var second = planner.Plan(ThriftBodies.Chat(Card, Messages("a", 5)), ThriftBodies.Context(1));
        Assert.Equal(0, second.Turn!.Forecast.Read);
    }

    [Fact]
    public void Twins_sent_at_once_are_not_both_written()
    {
        var planner = new ThriftStage().Planner;
        using var first = planner.Plan(ThriftBodies.Chat(Card, Messages("a", 5)), ThriftBodies.Context(0));
        using var twin = planner.Plan(ThriftBodies.Chat(Card, Messages("a", 5)), ThriftBodies.Context(0.01));
        Assert.True(first.Turn!.Forecast.Write1h + first.Turn.Forecast.Write5m > 0);
        Assert.Equal(0, twin.Turn!.Forecast.Write1h + twin.Turn.Forecast.Write5m);
    }

    [Fact]
    public void At_respect_the_clients_breakpoints_stand_and_are_accounted_for()
    {
        var body = ThriftBodies.Utf8("{\"model\":\"m\",\"system\":[{\"type\":\"text\",\"text\":\"" + ThriftBodies.Text("s", 3000) + "\",\"cache_control\":{\"type\":\"ephemeral\"}}],\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}");
        var planner = new ThriftStage().Planner;
        using var plan = planner.Plan(body, ThriftBodies.Context(0, CacheLevel.Respect));
        Assert.False(plan.Changed);
        Assert.Equal([new Breakpoint(0, Ttl.FiveMinutes)], plan.Turn!.Breakpoints);
        Assert.True(plan.Turn.Forecast.Write5m > 2900);
    }

    [Fact]
    public void Without_an_hour_nothing_is_written_for_one()
    {
        var planner = new ThriftStage().Planner;
        using var plan = planner.Plan(ThriftBodies.Chat(Card, Messages("a", 5)), ThriftBodies.Context(0) with { Has1h = false });
        Assert.NotEmpty(plan.Turn!.Breakpoints);
        Assert.All(plan.Turn.Breakpoints, static breakpoint => Assert.Equal(Ttl.FiveMinutes, breakpoint.Ttl));
    }

    private static CacheOutcome Talk(ThriftStage stage, int turns)
    {
        CacheOutcome outcome = default;
        for (var turn = 1; turn <= turns; turn++)
        {
            outcome = stage.Send(ThriftBodies.Chat(Card, Messages("a", turn)), turn).Outcome;
        }

        return outcome;
    }

    private static IEnumerable<string> Messages(string chat, int turns) =>
        Enumerable.Range(0, (turns * 2) - 1).Select(i => ThriftBodies.Text($"{chat}{i}", i % 2 == 0 ? 60 : 250));
}
