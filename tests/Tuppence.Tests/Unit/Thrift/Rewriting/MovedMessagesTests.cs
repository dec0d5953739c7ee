using System.Text.Json.Nodes;
using Tuppence.Thrift;
using Tuppence.Thrift.Rewriting;

namespace Tuppence.Tests.Unit.Thrift.Rewriting;

/// <summary>Recalled memories: messages that the front end takes out of the history and quotes in a text.</summary>
public sealed class MovedMessagesTests
{
    private readonly ConversationRewriting rewriting = new();

    [Theory]
    [InlineData(true, CacheLevel.Relocate), InlineData(false, CacheLevel.Relocate)]
    [InlineData(true, CacheLevel.RelocateWindow), InlineData(false, CacheLevel.RelocateWindow)]
    public void Moved_messages_go_back_to_their_places_and_the_history_only_grows(bool inHead, CacheLevel level)
    {
        var chat = Started(level);
        string[] before = [];
        for (var turn = 20; turn < 40; turn++)
        {
            chat.Turn(turn);
            var asked = Recalling(chat, inHead, 5 + (turn * 3 % 9), 6 + (turn * 5 % 9));
            var sent = asked.Through(rewriting, level);
            Assert.Empty(Chat.Sentences(Parsed(asked)).Except(Chat.Sentences(sent), StringComparer.Ordinal));
            if (turn < 30)
            {
                continue;
            }

            var history = Spoken(sent);
            Assert.Equal(Said(chat), history);
            Assert.Equal(before, history[..before.Length]);
            before = history;
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_message_that_is_quoted_nowhere_was_deleted_or_edited_and_stays_away(bool edits)
    {
        var chat = Warm();
        var gone = chat.Messages[9];
        if (edits)
        {
            chat.Messages[9] = (gone.Role, [gone.Blocks[0] + " And so it went on."]);
        }
        else
        {
            chat.Messages.RemoveRange(9, 2);
        }

        chat.Turn(70);
        var sent = Recalling(chat, inHead: true, 4, 5).Through(rewriting, CacheLevel.Relocate);
        Assert.DoesNotContain(gone.Blocks[0], Spoken(sent), StringComparer.Ordinal);
        Assert.Equal(Said(chat), Spoken(sent));
    }

    [Fact]
    public void Roles_of_what_goes_back_are_those_that_were_sent()
    {
        var chat = Warm();
        chat.Turn(70);
        var sent = Recalling(chat, inHead: true, 6, 9, 12).Through(rewriting, CacheLevel.Relocate);
        var roles = sent["messages"]!.AsArray().Select(message => message!["role"]!.GetValue<string>());
        Assert.Equal(string.Join(' ', chat.Messages.Select(message => message.Role)), string.Join(' ', roles));
    }

    [Fact]
    public void The_edits_and_the_steps_tell_what_went_back()
    {
        var chat = Warm();
        chat.Turn(70);
        var body = Recalling(chat, inHead: true, 6, 9).Body();
        var context = new Tuppence.Thrift.Planning.PlanContext("a", CacheLevel.Relocate, Chat.Prices, 1024, DateTimeOffset.UnixEpoch.AddMinutes(50));
        var rewritten = rewriting.Rewrite(body, context with { IsRehearsal = true });
        Assert.NotNull(rewritten);
        Assert.Contains(rewritten.Edits, edit => edit.Name == "cache-relocate" && edit.Detail.StartsWith("put back 2 moved messages (", StringComparison.Ordinal));
        Assert.Equal(2, rewritten.Steps.Count(step => step.What.StartsWith("put back", StringComparison.Ordinal)));
        Assert.Equal(rewritten.Body.ToArray(), rewriting.Rewrite(body, context)!.Body.ToArray());
    }

    [Fact]
    public void Signed_thinking_is_left_alone()
    {
        var chat = Warm();
        var body = Parsed(Recalling(chat, inHead: true, 6, 9));
        body["messages"]!.AsArray()[2]!["content"]!.AsArray().Insert(0, new JsonObject { ["type"] = "thinking", ["thinking"] = "hm", ["signature"] = "x" });
        var bytes = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString());
        Assert.Null(rewriting.Rewrite(bytes, new("a", CacheLevel.Relocate, Chat.Prices, 1024, DateTimeOffset.UnixEpoch.AddMinutes(50))));
    }

    private static string[] Said(Chat chat) => [.. chat.Messages.Select(message => message.Blocks[^1])];

    private static JsonNode Parsed(Chat chat) => JsonNode.Parse(chat.Body())!;

    private Chat Started(CacheLevel level)
    {
        var chat = Chat.Begun(Chat.Words(3, 30), Chat.Words(4, 30), Chat.Words(5, 30), Chat.Words(6, 30));
        for (var turn = 1; turn < 20; turn++)
        {
            chat.Turn(turn).Through(rewriting, level);
        }

        return chat;
    }

    private Chat Warm()
    {
        var chat = Started(CacheLevel.Relocate);
        for (var turn = 20; turn < 36; turn++)
        {
            Recalling(chat.Turn(turn), inHead: true, 5 + (turn * 3 % 9), 6 + (turn * 5 % 9)).Through(rewriting, CacheLevel.Relocate);
        }

        return chat;
    }

    // What was said, without what is carried before the user's last words.
    private static string[] Spoken(JsonNode sent) =>
        [.. sent["messages"]!.AsArray().SelectMany(message => Chat.Texts(message!["content"])).Where(text => !text.StartsWith("[Current context]", StringComparison.Ordinal))];

    // As the front end sends it: the recalled messages are gone from the history, and what is then of one side is one message.
    private static Chat Recalling(Chat chat, bool inHead, params int[] recalled)
    {
        var places = recalled.Distinct().Order().ToArray();
        var memory = "Past events:\n" + string.Join("\n\n", places.Select(place => (chat.Messages[place].Role == "user" ? "Riley: " : "Maren: ") + chat.Messages[place].Blocks[0]));
        var asked = new Chat { At = chat.Later() };
        asked.System.AddRange(inHead ? [memory, .. chat.System] : chat.System);
        for (var i = 0; i < chat.Messages.Count; i++)
        {
            if (!places.Contains(i))
            {
                Join(asked, chat.Messages[i].Role, chat.Messages[i].Blocks);
            }

            if (!inHead && i == chat.Messages.Count - 3)
            {
                Join(asked, "user", [memory]);
            }
        }

        return asked;
    }

    private static void Join(Chat chat, string role, string[] blocks)
    {
        if (chat.Messages.Count > 0 && chat.Messages[^1].Role == role)
        {
            chat.Messages[^1] = (role, [.. chat.Messages[^1].Blocks, .. blocks]);
        }
        else
        {
            chat.Says(role, blocks);
        }
    }
}
