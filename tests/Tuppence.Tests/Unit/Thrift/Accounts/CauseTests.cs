using Tuppence.Thrift.Accounts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Tests.Unit.Thrift.Accounts;

/// <summary>Each thing that a front end does to a prompt is told from the others.</summary>
public sealed class CauseTests
{
    private readonly Chat chat = new();

    [Fact]
    public void The_first_request_of_a_chat_is_one()
    {
        var turn = chat.Send();
        Assert.Equal(BreakCause.First, turn.Break.Cause);
        Assert.Equal((1, 0, 0L), (turn.Number, turn.SharedTokens, turn.Break.Cost));
    }

    [Fact]
    public void A_chat_that_only_grows_breaks_nothing()
    {
        chat.Send();
        var turn = chat.GoOn().Send();
        Assert.Equal(PrefixBreak.None, turn.Break);
        Assert.Equal(turn.Reported.Read, turn.SharedTokens);
    }

    [Fact]
    public void A_clock_is_told_from_its_words_and_shown()
    {
        chat.System[1] = Chat.Words("It is Monday 12:05 PM. Riley spoke a minute ago.", 300);
        chat.Send();
        chat.System[1] = chat.System[1].Replace("12:05", "12:06", StringComparison.Ordinal).Replace("a minute", "3 minutes", StringComparison.Ordinal);
        var turn = chat.GoOn().Send();
        Assert.Equal((BreakCause.Clock, (int?)1), (turn.Break.Cause, turn.Break.Block));
        Assert.Equal("It is Monday [-12:05 -]{+12:06 +}PM. Riley spoke", turn.Break.Diff!.ToString()[..48]);
    }

    [Fact]
    public void What_broke_costs_what_the_same_tokens_would_have_cost_less_when_read()
    {
        chat.System[0] = Chat.Words("It is 12:05.", 900);
        chat.Send();
        chat.System[0] = Chat.Words("It is 12:06.", 900);
        var turn = chat.GoOn().Send();

        // Persona and first message come again behind the clock, and all was written: 1.25 instead of 0.05.
        Assert.Equal(BreakCause.Clock, turn.Break.Cause);
        Assert.Equal(turn.Break.Tokens * (Chat.Prices.CacheWrite5m - Chat.Prices.CacheRead), turn.Break.Cost);
        Assert.Equal(turn.Strip.Where(static run => run.Kind == PromptRunKind.Missed).Sum(static run => run.Tokens), turn.Break.Tokens);
    }

    [Fact]
    public void Words_that_change_again_at_one_place_are_a_random_macro_and_an_edit_at_first()
    {
        var moods = new[] { "tired", "cheerful", "wistful", "brave" };
        var causes = new List<BreakCause>();
        foreach (var mood in moods)
        {
            chat.System[1] = Chat.Words("Today Maren is MOOD.", 300).Replace("MOOD", mood, StringComparison.Ordinal);
            causes.Add(chat.GoOn().Send().Break.Cause);
        }

        Assert.Equal([BreakCause.First, BreakCause.Edit, BreakCause.Random, BreakCause.Random], causes);
    }

    [Fact]
    public void A_lore_block_that_comes_is_lore()
    {
        chat.Send();
        chat.System.Insert(1, Chat.Words("The lighthouse was built by monks.", 40));
        var turn = chat.GoOn().Send();
        Assert.Equal((BreakCause.Lore, (int?)1), (turn.Break.Cause, turn.Break.Block));
        Assert.StartsWith("The lighthouse was built", turn.Break.Diff!.New, StringComparison.Ordinal);
    }

    [Fact]
    public void Lore_that_leaves_a_merged_block_is_lore()
    {
        chat.System[1] = Chat.Words("Persona.", 300) + "\n" + Chat.Words("The inn.", 40);
        chat.Send();
        chat.System[1] = Chat.Words("Persona.", 300);
        Assert.Equal(BreakCause.Lore, chat.GoOn().Send().Break.Cause);
    }

    [Fact]
    public void A_rewritten_summary_is_a_summary()
    {
        chat.System.Add("[Summary: They met at the ferry.]");
        chat.Send();
        chat.System[2] = "[Summary: They crossed the river, and then they quarrelled about the fare.]";
        Assert.Equal(BreakCause.Summary, chat.GoOn().Send().Break.Cause);
    }

    [Fact]
    public void A_note_that_keeps_its_distance_from_the_end_is_a_note()
    {
        var note = Chat.Words("Author's note.", 20);
        chat.Heads = [1, 5];
        chat.GoOn().GoOn().GoOn();
        chat.Messages.Insert(chat.Messages.Count - 3, note);
        chat.Send();
        chat.Messages.Remove(note);
        chat.GoOn();
        chat.Messages.Insert(chat.Messages.Count - 3, note);
        Assert.Equal(BreakCause.Note, chat.Send().Break.Cause);
    }

    [Fact]
    public void Messages_dropped_from_the_start_are_truncation()
    {
        chat.GoOn().GoOn().GoOn();
        chat.Send();
        chat.Messages.RemoveRange(0, 2);
        Assert.Equal(BreakCause.Truncation, chat.GoOn().Send().Break.Cause);
    }

    [Fact]
    public void Examples_that_give_way_to_messages_are_truncation()
    {
        chat.System.AddRange([Chat.Words("Example one.", 30), Chat.Words("Example two.", 30), Chat.Words("Example three.", 30), "[Start a new Chat]"]);
        chat.GoOn().Send();
        chat.System.RemoveRange(2, 3);
        Assert.Equal(BreakCause.Truncation, chat.GoOn().Send().Break.Cause);
    }

    [Fact]
    public void A_message_rewritten_in_the_middle_is_an_edit()
    {
        chat.Heads = [1, 4];
        chat.GoOn().GoOn().GoOn();
        chat.Send();
        chat.Messages[3] = Chat.Words("What he really said.", 120);
        var turn = chat.GoOn().Send();
        Assert.Equal((BreakCause.Edit, 3), (turn.Break.Cause, turn.Break.Message));
    }

    [Fact]
    public void Another_card_with_the_same_history_is_a_card()
    {
        chat.GoOn().Send();
        chat.System[0] = Chat.Words("You are Bram, who mends nets.", 700);
        chat.System[1] = Chat.Words("Examples of Bram.", 300);
        Assert.Equal(BreakCause.Card, chat.GoOn().Send().Break.Cause);
    }

    [Fact]
    public void Another_model_is_a_model()
    {
        chat.Send();
        chat.Model = "claude-opus-5";
        Assert.Equal(BreakCause.Model, chat.GoOn().Send().Break.Cause);
    }

    [Theory]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},", BreakCause.Thinking)]
    [InlineData("\"output_config\":{\"effort\":\"low\"},", BreakCause.Effort)]
    [InlineData("\"tool_choice\":{\"type\":\"none\"},", BreakCause.Tools)]
    [InlineData("\"speed\":\"fast\",", BreakCause.Settings)]
    [InlineData("\"tools\":[{\"name\":\"roll\",\"input_schema\":{\"type\":\"object\"}}],", BreakCause.Tools)]
    public void A_setting_that_is_rendered_into_the_prompt_is_named(string member, BreakCause cause)
    {
        chat.Send();
        chat.Extra = member;
        Assert.Equal(cause, chat.GoOn().Send().Break.Cause);
    }

    [Fact]
    public void A_pause_beyond_the_life_of_the_entry_is_expiry()
    {
        chat.Send();
        var turn = chat.GoOn(seconds: 301).Send();
        Assert.Equal(BreakCause.Expiry, turn.Break.Cause);
        Assert.Equal(TimeSpan.FromSeconds(301), turn.Break.Pause);
        Assert.Equal(turn.SharedTokens, turn.Break.Tokens);
    }

    [Fact]
    public void An_entry_that_should_have_been_read_and_was_not_was_lost_early()
    {
        chat.Send();
        var (turn, bill) = chat.GoOn().Plan();
        var account = chat.Accounts.Settle(turn, new CacheBill(0, 0, bill.Tokens, 0));
        Assert.Equal(BreakCause.EarlyLoss, account!.Break.Cause);
    }

    [Fact]
    public void What_nobody_marked_was_not_written()
    {
        (chat.Heads, chat.Marks) = ([], []);
        chat.Send();
        var turn = chat.GoOn().Send();
        Assert.Equal(BreakCause.NotWritten, turn.Break.Cause);
        Assert.Equal(turn.SharedTokens * (Chat.Prices.Input - Chat.Prices.CacheRead), turn.Break.Cost);
        Assert.Equal([new PromptRun(PromptRunKind.NotWritten, turn.SharedTokens), new PromptRun(PromptRunKind.Uncached, turn.Reported.Tokens - turn.SharedTokens)], turn.Strip);
    }

    [Fact]
    public void What_was_written_and_lost_is_drawn_as_missed()
    {
        chat.Send();
        var (turn, bill) = chat.GoOn().Plan();
        var account = chat.Accounts.Settle(turn, new CacheBill(0, 0, bill.Tokens, 0))!;
        Assert.Equal(new PromptRun(PromptRunKind.Missed, account.SharedTokens), account.Strip[0]);
        Assert.DoesNotContain(account.Strip, static run => run.Kind == PromptRunKind.NotWritten);
    }
}
