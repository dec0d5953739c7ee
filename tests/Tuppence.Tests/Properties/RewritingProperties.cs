using System.Text.Json.Nodes;
using CsCheck;
using Tuppence.Tests.Unit.Thrift.Rewriting;
using Tuppence.Thrift;
using Tuppence.Thrift.Rewriting;

namespace Tuppence.Tests.Properties;

public sealed class RewritingProperties
{
    private static readonly CacheLevel[] Levels = [CacheLevel.Split, CacheLevel.Relocate, CacheLevel.Window, CacheLevel.RelocateWindow];

    [Fact]
    public void No_level_loses_a_sentence_or_makes_an_invalid_request() =>
        Gen.Select(Gen.Int, Gen.Int[0, 3], Gen.Bool).Sample(
            (seed, level, takesSystem) =>
            {
                var rewriting = new ConversationRewriting();
                foreach (var chat in Story(seed))
                {
                    var (before, after) = (JsonNode.Parse(chat.Body())!, chat.Through(rewriting, Levels[level], takesSystem));
                    Assert.Empty(Chat.Sentences(before).Except(Chat.Sentences(after), StringComparer.Ordinal));
                    AssertValid(after);
                }
            },
            iter: 60);

    [Fact]
    public void Split_is_lossless() =>
        Gen.Int.Sample(
            seed =>
            {
                var rewriting = new ConversationRewriting();
                foreach (var chat in Story(seed))
                {
                    var (before, after) = (JsonNode.Parse(chat.Body())!, chat.Through(rewriting, CacheLevel.Split));
                    Assert.Equal(string.Concat(Chat.Texts(before["system"])), string.Concat(Chat.Texts(after["system"])));
                    Assert.True(JsonNode.DeepEquals(before["messages"], after["messages"]));
                }
            },
            iter: 40);

    [Fact]
    public void The_same_requests_are_rewritten_to_the_same_bytes() =>
        Gen.Int.Sample(
            seed =>
            {
                var (one, two) = (new ConversationRewriting(), new ConversationRewriting());
                var first = Story(seed).Select(chat => chat.BytesThrough(one, CacheLevel.RelocateWindow)).ToList();
                var second = Story(seed).Select(chat => chat.BytesThrough(two, CacheLevel.RelocateWindow)).ToList();
                Assert.Equal(first, second);
            },
            iter: 30);

    [Fact]
    public void What_is_remembered_stays_within_its_bound()
    {
        var rewriting = new ConversationRewriting(new RewritingOptions { MostBytes = 200_000 });
        for (var i = 0; i < 200; i++)
        {
            var chat = Chat.Begun(Chat.Words(i * 7, 40));
            chat.Through(rewriting, CacheLevel.RelocateWindow);
            chat.Turn(i).Through(rewriting, CacheLevel.RelocateWindow);
            Assert.InRange(rewriting.RememberedBytes, 0, 200_000);
        }
    }

    /// <summary>A chat in its states: turns, swipes, edits, deletions, a note at a depth, lore, a clock, a window that slides.</summary>
    private static IEnumerable<Chat> Story(int seed)
    {
        var random = new Random(seed);
        var chat = Chat.Begun(Chat.Words(3, 20), "", Chat.Words(4, 30) + "\n\n" + Chat.Words(5, 5));
        var (slides, lore) = (random.Next(2) == 0, random.Next(1, 6));
        var depth = random.Next(1, 5);
        for (var i = 0; i < 25; i++)
        {
            switch (random.Next(10))
            {
                case 0: break;
                case 1 when chat.Messages.Count > 4: chat.Messages.RemoveRange(chat.Messages.Count - 2, 2); break;
                case 2 when chat.Messages.Count > 4: chat.Messages[^3] = (chat.Messages[^3].Role, [Chat.Words(1000 + i, 4)]); break;
                default: chat.Turn(i); break;
            }

            chat.System[1] = $"It is {i} o'clock. \"Quoted\" \\ text \u201Cé\u201D waits.\n" + string.Join('\n', Enumerable.Range(0, lore).Where(_ => random.Next(3) > 0).Select(n => Chat.Words(60 + n, 4)));
            if (slides && chat.Messages.Count > 14)
            {
                chat.Messages.RemoveRange(0, 2);
            }

            var at = Math.Max(0, chat.Messages.Count - 1 - depth);
            var plain = chat.Messages[at];
            chat.Messages[at] = (plain.Role, [.. plain.Blocks, $"[Scene {i / 5}. Terse.]"]);
            yield return chat;
            chat.Messages[at] = plain;
        }
    }

    private static void AssertValid(JsonNode request)
    {
        var messages = request["messages"]!.AsArray();
        Assert.NotEmpty(messages);
        for (var i = 0; i < messages.Count; i++)
        {
            var role = messages[i]!["role"]!.GetValue<string>();
            Assert.DoesNotContain(Chat.Texts(messages[i]!["content"]), string.IsNullOrEmpty);
            if (role == "system")
            {
                Assert.True(i > 0 && messages[i - 1]!["role"]!.GetValue<string>() == "user");
                Assert.True(i + 1 == messages.Count || messages[i + 1]!["role"]!.GetValue<string>() == "assistant");
            }
        }
    }
}
