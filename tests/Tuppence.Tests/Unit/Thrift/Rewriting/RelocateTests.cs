using System.Text;
using System.Text.Json.Nodes;
using Tuppence.Thrift;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Rewriting;

namespace Tuppence.Tests.Unit.Thrift.Rewriting;

public sealed class RelocateTests
{
    private readonly ConversationRewriting rewriting = new();

    [Fact]
    public void The_first_request_of_a_conversation_passes_as_it_is() =>
        Assert.Null(rewriting.Rewrite(Chat.Begun(Chat.Words(9, 30)).Body(), Context(CacheLevel.RelocateWindow)));

    [Theory, InlineData("not json"), InlineData("{}"), InlineData("[]"), InlineData("{\"messages\":[]}"), InlineData("{\"messages\":[{\"role\":\"user\"}],\"system\":7}"), InlineData("{\"system\":\"x\",\"messages\":[{\"role\":\"assistant\",\"content\":\"hm\"}]}")]
    public void An_odd_body_passes_as_it_is(string body)
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(rewriting.Rewrite(Encoding.UTF8.GetBytes(body), Context(CacheLevel.RelocateWindow)));
        }
    }

    [Fact]
    public void A_clock_in_the_card_is_carried_behind_the_history_and_the_rest_of_its_paragraph_stays()
    {
        var chat = Chat.Begun(Chat.Words(3, 8), "Maren keeps the ferry. It is 6:05 PM. She waits.\n\n" + Chat.Words(4, 20));
        chat.Through(rewriting, CacheLevel.Relocate);
        JsonNode? before = null;
        for (var i = 6; i < 12; i++)
        {
            chat.System[1] = $"Maren keeps the ferry. It is 6:{i:00} PM. She waits.\n\n" + Chat.Words(4, 20);
            var sent = chat.Turn(i).Through(rewriting, CacheLevel.Relocate);
            Assert.Equal("Maren keeps the ferry. She waits.\n\n" + Chat.Words(4, 20), Chat.Texts(sent["system"])[1]);
            var last = Chat.Texts(sent["messages"]!.AsArray()[^1]!["content"]);
            Assert.Equal([$"[Current context]\nIt is 6:{i:00} PM.", Chat.Words(200 + i, 3)], last);
            Assert.True(before is null || JsonNode.DeepEquals(before["system"], sent["system"]));
            before = sent;
        }
    }

    [Fact]
    public void A_model_that_takes_system_messages_gets_the_volatile_text_as_one_before_a_prefill()
    {
        var chat = Chat.Begun(Chat.Words(3, 5), "It is noon.", Chat.Words(4, 60));
        chat.Through(rewriting, CacheLevel.Relocate, takesSystem: true);
        chat.System[1] = "It is one.";
        var sent = chat.Turn(1).Says("assistant", "Maren:").Through(rewriting, CacheLevel.Relocate, takesSystem: true);
        Assert.Equal("user system assistant", string.Join(' ', sent["messages"]!.AsArray().TakeLast(3).Select(message => message!["role"]!.GetValue<string>())));
        Assert.Equal("[Current context]\nIt is one.", sent["messages"]!.AsArray()[^2]!["content"]!.GetValue<string>());
    }

    [Fact]
    public void A_lore_entry_that_comes_and_goes_leaves_the_head_as_it_was()
    {
        var (first, second) = (Chat.Words(5, 6), Chat.Words(6, 6));
        var chat = Chat.Begun(Chat.Words(3, 20), first, Chat.Words(4, 150));
        var head = chat.Through(rewriting, CacheLevel.Relocate)["system"]!;
        for (var i = 0; i < 8; i++)
        {
            chat.System[1] = i % 3 == 0 ? first : i % 3 == 1 ? second + "\n" + first : first + "\n" + second;
            var sent = chat.Turn(i).Through(rewriting, CacheLevel.Relocate);
            Assert.True(JsonNode.DeepEquals(head, sent["system"]));
            Assert.Contains(i % 3 == 0 ? first : second, Chat.AllText(sent), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_note_at_a_depth_goes_behind_the_history_which_then_only_grows()
    {
        const string Note = "[Style: terse.]";
        const int Shown = 12; // by then it has been the cheaper course for long enough
        var chat = Chat.Begun(Chat.Words(3, 30)).Turn(1).Turn(2).Turn(3);
        var depth = chat.Messages.Count - 3;
        string[] before = [];
        for (var i = 4; i < 24; i++)
        {
            var plain = chat.Messages[depth];
            chat.Messages[depth] = (plain.Role, [.. plain.Blocks, Note]);
            var sent = chat.Through(rewriting, CacheLevel.Relocate);
            chat.Messages[depth] = plain;
            var messages = sent["messages"]!.AsArray().Select(message => message!.ToJsonString()).ToArray();
            if (i >= Shown)
            {
                Assert.Contains(Note, messages[^1], StringComparison.Ordinal);
                Assert.DoesNotContain(messages.SkipLast(1), message => message.Contains(Note, StringComparison.Ordinal));
                Assert.True(i == Shown || before.SequenceEqual(messages.Take(before.Length), StringComparer.Ordinal));
            }

            before = [.. messages.SkipLast(1)];
            chat.Turn(i);
            depth += 2;
        }
    }

    [Fact]
    public void Three_speakers_with_a_card_each_keep_their_cards_in_place()
    {
        var chats = Enumerable.Range(0, 3).Select(i => new[] { Chat.Words(3, 4), Chat.Words(20 + i, 20), Chat.Words(30 + i, 8), Chat.Words(40 + i, 8) }).ToArray();
        var chat = Chat.Begun(chats[0]);
        for (var i = 0; i < 12; i++)
        {
            chat.System.Clear();
            chat.System.AddRange(chats[i % 3]);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(chat.Turn(i).Body()), chat.Through(rewriting, CacheLevel.RelocateWindow)));
        }
    }

    [Theory, InlineData(SignedThinking.LeaveAlone), InlineData(SignedThinking.Strip)]
    public void Signed_thinking_is_left_alone_or_taken_out_as_the_option_says(SignedThinking option)
    {
        var rewriting = new ConversationRewriting(new RewritingOptions { Thinking = option });
        var chat = Chat.Begun(Chat.Words(3, 30), "It is noon.");
        for (var i = 0; i < 3; i++)
        {
            chat.System[1] = $"It is {i}.";
            var request = JsonNode.Parse(chat.Turn(i).Body())!;
            request["messages"]![2]!["content"]!.AsArray().Insert(0, new JsonObject { ["type"] = "thinking", ["thinking"] = "hm", ["signature"] = "s" });
            var rewritten = rewriting.Rewrite(Encoding.UTF8.GetBytes(request.ToJsonString()), Context(CacheLevel.Relocate));
            Assert.Equal(option == SignedThinking.LeaveAlone, rewritten is null);
            Assert.DoesNotContain("thinking", rewritten is null ? "" : Encoding.UTF8.GetString(rewritten.Body.Span), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_was_done_is_told_in_numbers_and_for_the_users_own_eyes_in_words()
    {
        var chat = Chat.Begun(Chat.Words(3, 5), "The secret is blue.", Chat.Words(4, 60));
        chat.Through(rewriting, CacheLevel.Relocate);
        chat.System[1] = "The secret is red.";
        var rewritten = rewriting.Rewrite(chat.Turn(1).Body(), Context(CacheLevel.Relocate))!;
        var edit = Assert.Single(rewritten.Edits);
        Assert.Equal("cache-relocate", edit.Name);
        Assert.Equal("relocated 1 span (5 tokens)", edit.Detail);
        Assert.Equal(new RewriteStep("carried behind the history", 1, 5, "The secret is red."), Assert.Single(rewritten.Steps));
    }

    private static PlanContext Context(CacheLevel level) => new("a", level, Chat.Prices, 1024, DateTimeOffset.UnixEpoch);
}
