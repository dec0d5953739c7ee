using Tuppence.Messages.Models;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Tests.Unit.Thrift;

/// <summary>What a repetition of a turn's request tells the planner, and prices that step up with the size of a prompt.</summary>
public sealed class PingedTurnTests
{
    [Fact]
    public void What_a_ping_read_is_expected_to_live_on()
    {
        Assert.True(NextRead(isPinged: true) > 5000);
        Assert.True(NextRead(isPinged: false) < 5000);
    }

    [Fact]
    public void What_a_ping_did_not_find_is_gone_and_what_it_wrote_is_there()
    {
        var stage = Talked();
        var (turn, _) = stage.Send(Chat(12), 12);

        stage.Planner.Refresh(turn, new CacheBill(0, 0, 0, turn.Forecast.Tokens), turn.At.AddMinutes(1));
        using (var lost = stage.Planner.Plan(Chat(13), ThriftBodies.Context(14)))
        {
            Assert.Equal(0, lost.Turn!.Forecast.Read);
            stage.Planner.Abandon(lost.Turn);
        }

        stage.Planner.Refresh(turn, new CacheBill(0, 0, turn.Forecast.Tokens - 40, 40), turn.At.AddMinutes(3));
        using var found = stage.Planner.Plan(Chat(13), ThriftBodies.Context(16));
        Assert.True(found.Turn!.Forecast.Read > 0);
    }

    [Theory]
    [InlineData(100_000, 1)]
    [InlineData(100_001, 5)]
    public void A_whole_request_is_priced_by_the_step_that_its_size_reaches(int tokens, int times)
    {
        Assert.True(ModelTable.Default.TryFind("claude-haiku-5-5", out var haiku));
        var context = ThriftBodies.Context(0) with { Prices = haiku.Prices, LongPrices = haiku.LongContextPrices, LongAbove = haiku.LongContextThreshold };

        Assert.Equal(new CacheBill(tokens, 0, 0, 0).Cost(haiku.Prices) * times, context.CostOf(new CacheBill(tokens, 0, 0, 0)));
    }

    /// <summary>What the next turn should read, when it comes one and a half lives after the latest; a ping goes out before the first of them ends.</summary>
    private static int NextRead(bool isPinged)
    {
        var stage = Talked();
        var (turn, _) = stage.Send(Chat(12), 12);
        var life = turn.Breakpoints[^1].Ttl == Ttl.OneHour ? 60 : 5;
        if (isPinged)
        {
            stage.Planner.Refresh(turn, new CacheBill(turn.Forecast.Tokens - 40, 0, 0, 40), turn.At.AddMinutes(life * 0.9));
        }

        using var next = stage.Planner.Plan(Chat(13), ThriftBodies.Context(12 + (life * 1.5)));
        return next.Turn!.Forecast.Read;
    }

    private static ThriftStage Talked()
    {
        var stage = new ThriftStage();
        for (var turn = 1; turn < 12; turn++)
        {
            stage.Send(Chat(turn), turn);
        }

        return stage;
    }

    private static byte[] Chat(int turns) =>
        ThriftBodies.Chat([ThriftBodies.Text("card", 9000)], Enumerable.Range(0, (turns * 2) - 1).Select(static i => ThriftBodies.Text($"m{i}", 120)));
}
