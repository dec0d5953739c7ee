using System.Text.Json.Nodes;
using Tuppence.Thrift;
using Tuppence.Thrift.Rewriting;

namespace Tuppence.Tests.Unit.Thrift.Rewriting;

public sealed class WindowTests
{
    private readonly ConversationRewriting rewriting = new();

    [Theory, InlineData(CacheLevel.Window), InlineData(CacheLevel.RelocateWindow)]
    public void What_the_front_end_drops_stays_and_then_goes_in_one_piece(CacheLevel level)
    {
        var chat = Long();
        chat.Through(rewriting, level);
        var starts = new List<string>();
        for (var i = 20; i < 60; i++)
        {
            chat.Turn(i);
            chat.Messages.RemoveRange(0, 2);
            var sent = chat.Through(rewriting, level);
            var original = JsonNode.Parse(chat.Body())!;
            Assert.Empty(Chat.Sentences(original).Except(Chat.Sentences(sent), StringComparer.Ordinal));
            Assert.EndsWith(Joined(original), Joined(sent), StringComparison.Ordinal);
            starts.Add(sent["messages"]![0]!.ToJsonString());
        }

        Assert.InRange(starts.Distinct(StringComparer.Ordinal).Count(), 2, 15);
    }

    [Theory, InlineData(CacheLevel.Window), InlineData(CacheLevel.RelocateWindow)]
    public void With_a_low_water_mark_the_full_window_is_cut_down_in_one_piece_and_then_grows_again(CacheLevel level)
    {
        var lowered = new ConversationRewriting(new RewritingOptions { LowWater = 0.6 });
        var chat = Long();
        chat.Through(lowered, level);
        var (starts, least) = (new List<string>(), 1.0);
        for (var i = 20; i < 60; i++)
        {
            chat.Turn(i);
            chat.Messages.RemoveRange(0, 2);
            var sent = chat.Through(lowered, level);
            var (all, left) = (Joined(JsonNode.Parse(chat.Body())!), Joined(sent));
            Assert.True(all.EndsWith(left, StringComparison.Ordinal) || left.EndsWith(all, StringComparison.Ordinal));
            least = Math.Min(least, (double)left.Length / all.Length);
            starts.Add(sent["messages"]![0]!.ToJsonString());
        }

        Assert.InRange(least, 0.4, 0.75);
        Assert.InRange(starts.Distinct(StringComparer.Ordinal).Count(), 2, 10);
    }

    [Fact]
    public void What_the_user_deletes_stays_deleted()
    {
        var chat = Long();
        chat.Through(rewriting, CacheLevel.RelocateWindow);
        chat.Turn(21).Through(rewriting, CacheLevel.RelocateWindow);
        chat.Messages.RemoveRange(chat.Messages.Count - 4, 4);
        AssertSentAsItIs(chat);
        chat.Messages.RemoveRange(8, 2);
        AssertSentAsItIs(chat);
        chat.Messages.RemoveRange(0, 2);
        AssertSentAsItIs(chat);
        AssertSentAsItIs(chat.Turn(22));
    }

    [Fact]
    public void A_summary_that_hides_many_messages_brings_none_back()
    {
        var chat = Long();
        for (var i = 0; i < 3; i++)
        {
            chat.Turn(20 + i).Through(rewriting, CacheLevel.RelocateWindow);
        }

        chat.Messages.RemoveRange(0, chat.Messages.Count - 6);
        AssertSentAsItIs(chat);
        AssertSentAsItIs(chat.Turn(40));
    }

    [Fact]
    public void Two_chats_of_one_card_do_not_get_each_others_messages()
    {
        var (one, two) = (Long(), Long(500));
        for (var i = 20; i < 40; i++)
        {
            foreach (var (chat, other) in new[] { (one, two), (two, one) })
            {
                chat.Turn(i + (chat == two ? 500 : 0));
                chat.Messages.RemoveRange(0, 2);
                var sent = Chat.AllText(chat.Through(rewriting, CacheLevel.RelocateWindow));
                Assert.All(other.Messages.Where(message => message.Role == "assistant"), message => Assert.DoesNotContain(message.Blocks[0], sent, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void Messages_with_tool_calls_are_not_put_back()
    {
        var chat = Long();
        for (var i = 20; i < 30; i++)
        {
            var request = JsonNode.Parse(chat.Turn(i).Body())!;
            var dropped = (i - 20) * 2;
            var messages = request["messages"]!.AsArray();
            for (var m = 0; m < messages.Count; m += 2)
            {
                messages[m]!["content"]!.AsArray().Add(new JsonObject { ["type"] = "tool_use", ["id"] = $"t{m}", ["name"] = "look", ["input"] = new JsonObject() });
                messages[m + 1]!["content"]!.AsArray().Insert(0, new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = $"t{m}" });
            }

            for (var m = 0; m < dropped; m++)
            {
                messages.RemoveAt(0);
            }

            var body = System.Text.Encoding.UTF8.GetBytes(request.ToJsonString());
            Assert.Null(rewriting.Rewrite(body, new("a", CacheLevel.Window, Chat.Prices, 1024, DateTimeOffset.UnixEpoch)));
        }
    }

    private void AssertSentAsItIs(Chat chat) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(chat.Body()), chat.Through(rewriting, CacheLevel.RelocateWindow)));

    private static string Joined(JsonNode request) => string.Join('\n', request["messages"]!.AsArray().SelectMany(message => Chat.Texts(message!["content"])));

    private static Chat Long(int seed = 0)
    {
        var chat = new Chat();
        chat.System.Add(Chat.Words(3, 30));
        chat.Says("assistant", Chat.Words(seed + 1, 6)).Says("user", Chat.Words(seed + 2, 4));
        for (var i = 0; i < 18; i++)
        {
            chat.Turn(seed + i);
        }

        return chat;
    }
}
