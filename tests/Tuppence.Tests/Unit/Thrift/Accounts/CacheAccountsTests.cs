using Tuppence.Thrift;
using Tuppence.Thrift.Accounts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Tests.Unit.Thrift.Accounts;

public sealed class CacheAccountsTests
{
    private readonly Chat chat = new();

    [Fact]
    public void A_conversation_adds_up_its_turns()
    {
        var turns = Enumerable.Range(0, 12).Select(_ => chat.GoOn().Send()).ToArray();
        var account = chat.Accounts.Find(turns[0].Conversation)!;
        Assert.Equal(12, account.Turns);
        Assert.Equal(turns.Sum(static turn => turn.Cost), account.Spent);
        Assert.Equal(turns.Sum(static turn => turn.UncachedCost), account.Uncached);
        Assert.Equal(turns.Sum(static turn => turn.Bound), account.Bound);
        Assert.Equal(turns.Sum(static turn => (long)turn.Reported.Read), account.ReadTokens);
        Assert.Equal(turns, account.Recent);
        Assert.True(account.BoundHolds);
        Assert.InRange(account.Bound, 1, account.Spent);
    }

    [Fact]
    public void A_strip_shows_every_billed_token_once_and_in_order()
    {
        chat.Send();
        chat.Messages.Add("tail");
        var turn = chat.GoOn(400).Send(new CacheBill(1000, 0, 700, 321));
        Assert.Equal(2021, turn.Strip.Sum(static run => run.Tokens));
        Assert.Equal(new PromptRun(PromptRunKind.Read, 1000), turn.Strip[0]);
        Assert.All(turn.Strip, static run => Assert.True(run.Tokens > 0));
        Assert.All(turn.Strip.Zip(turn.Strip.Skip(1)), static pair => Assert.NotEqual(pair.First.Kind, pair.Second.Kind));
    }

    [Fact]
    public void A_turn_is_settled_once_and_an_abandoned_one_never()
    {
        var (turn, bill) = chat.Plan();
        Assert.NotNull(chat.Accounts.Settle(turn, bill));
        Assert.Null(chat.Accounts.Settle(turn, bill));
        var (left, other) = chat.GoOn().Plan();
        chat.Accounts.Abandon(left);
        Assert.Null(chat.Accounts.Settle(left, other));
        Assert.Equal(1, chat.Accounts.Recent(10).Single().Turns);
    }

    [Fact]
    public void A_new_number_that_repeats_the_history_goes_on_with_the_conversation()
    {
        chat.GoOn().GoOn();
        var first = chat.Send();
        chat.Lineage = 2;
        chat.System[0] = Chat.Words("Another start.", 900);
        Assert.Equal(first.Conversation, chat.GoOn().Send().Conversation);
        chat.Lineage = 3;
        chat.Messages.RemoveRange(0, chat.Messages.Count);
        chat.Messages.Add(Chat.Words("Something else altogether.", 200));
        Assert.NotEqual(first.Conversation, chat.Send().Conversation);
    }

    [Fact]
    public void A_log_line_says_nothing_of_what_was_said_unless_it_may()
    {
        chat.System[1] = Chat.Words("It is 12:05 at the quay.", 300);
        chat.Send();
        chat.System[1] = Chat.Words("It is 12:06 at the quay.", 300);
        var turn = chat.GoOn().Send();
        Assert.DoesNotContain("quay", turn.ToString(), StringComparison.Ordinal);
        Assert.Contains("a clock moved on at block 1 (system)", turn.ToString(), StringComparison.Ordinal);
        Assert.Contains("[-12:05 -]{+12:06 +}at the quay.", turn.ToLine(withText: true), StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_brings_advice_with_money()
    {
        for (var i = 0; i < 10; i++)
        {
            chat.System[0] = Chat.Words($"It is 12:{i + 10}.", 900);
            chat.GoOn().Send();
        }

        var account = chat.Accounts.Recent(1).Single();
        var clock = Assert.Single(account.Causes, static total => total.Cause == BreakCause.Clock);
        var advice = Assert.Single(account.Advice);
        Assert.Equal((BreakCause.Clock, CacheLevel.Relocate), (advice.Cause, advice.Level));
        Assert.Equal(clock.Cost * 10, advice.CostPer100);
        Assert.Equal($"The clock in your instructions costs you {Money.Format(advice.CostPer100)} per 100 messages; relocate would save {Money.Format(advice.SavingPer100)}.", advice.Text);
    }

    [Fact]
    public void There_is_no_advice_where_nothing_breaks_or_where_it_is_followed_already()
    {
        for (var i = 0; i < 8; i++)
        {
            chat.GoOn().Send();
        }

        Assert.Empty(chat.Accounts.Recent(1).Single().Advice);
        var relocated = new Chat { Level = CacheLevel.Relocate };
        for (var i = 0; i < 8; i++)
        {
            relocated.System[0] = Chat.Words($"It is 12:{i + 10}.", 900);
            relocated.GoOn().Send();
        }

        Assert.Empty(relocated.Accounts.Recent(1).Single().Advice);
    }

    [Fact]
    public void Memory_stays_within_its_bounds()
    {
        var accounts = new CacheAccounts(new CacheAccountsOptions { TextBytes = 20_000, Blocks = 200, Conversations = 3, TurnsKept = 2 });
        for (var i = 0; i < 8; i++)
        {
            var other = new Chat { Accounts = accounts, Lineage = i, Name = $"chat {i}" };
            other.System[0] = Chat.Words($"Card {i}.", 900);
            other.Messages[0] = Chat.Words($"Begin {i}.", 200);
            for (var turn = 0; turn < 30; turn++)
            {
                other.System[1] = Chat.Words($"Draw {i} {turn}.", 30);
                other.GoOn().Send();
            }
        }

        Assert.InRange(accounts.TextBytes, 0, 20_000);
        Assert.Equal(3, accounts.Recent(100).Count);
        Assert.All(accounts.Recent(100), static account => Assert.Equal(2, account.Recent.Count));
        Assert.False(accounts.Recent(1).Single().BoundHolds);
    }

    [Fact]
    public void Without_remembered_text_causes_are_still_guessed_and_nothing_is_shown()
    {
        var silent = new Chat { Accounts = new CacheAccounts(new CacheAccountsOptions { TextBytes = 0 }) };
        silent.GoOn().GoOn().GoOn();
        silent.Send();
        silent.Messages.RemoveRange(0, 2);
        var turn = silent.GoOn().Send();
        Assert.Equal(BreakCause.Truncation, turn.Break.Cause);
        Assert.Null(turn.Break.Diff);
    }

    [Fact]
    public async Task Many_at_once_lose_no_turn()
    {
        var accounts = new CacheAccounts();
        await Task.WhenAll(Enumerable.Range(1, 8).Select(lineage => Task.Run(
            () =>
            {
                var own = new Chat { Accounts = accounts, Lineage = lineage };
                own.Messages[0] = Chat.Words($"Chat {lineage}.", 300);
                for (var i = 0; i < 20; i++)
                {
                    own.Messages.Add(Chat.Words($"Chat {lineage} says {i}.", 50));
                    own.Now += TimeSpan.FromSeconds(30);
                    own.Send();
                }
            },
            TestContext.Current.CancellationToken)));
        Assert.Equal([.. Enumerable.Repeat(20, 8)], accounts.Recent(100).Select(static account => account.Turns));
    }

    [Theory]
    [InlineData(0, "$0.00")]
    [InlineData(1_804_000_000, "$1.80")]
    [InlineData(-250_000_000, "-$0.250")]
    [InlineData(43_210_000, "$0.043")]
    [InlineData(4_321_000, "$0.0043")]
    [InlineData(12_345, "$0.000012")]
    [InlineData(long.MinValue, "-$9223372036.85")]
    public void Money_is_written_for_people(long nanoDollars, string text) => Assert.Equal(text, Money.Format(nanoDollars));
}
