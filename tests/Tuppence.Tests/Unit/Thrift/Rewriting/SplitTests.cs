using Tuppence.Thrift;
using Tuppence.Thrift.Rewriting;

namespace Tuppence.Tests.Unit.Thrift.Rewriting;

public sealed class SplitTests
{
    private readonly ConversationRewriting rewriting = new();

    [Fact]
    public void A_merged_block_is_cut_where_its_beginning_proved_stable_and_the_parts_say_the_same()
    {
        var stable = Chat.Words(3, 60);
        var chat = Chat.Begun(stable + "\n" + Chat.Words(4, 5));
        chat.Through(rewriting, CacheLevel.Split);
        for (var i = 0; i < 5; i++)
        {
            chat.System[0] = stable + "\n" + Chat.Words(50 + i, 5);
            var texts = Chat.Texts(chat.Turn(i).Through(rewriting, CacheLevel.Split)["system"]);
            Assert.Equal(chat.System[0], string.Concat(texts));
            Assert.True(i < 3 || texts.SequenceEqual([stable + "\n", Chat.Words(50 + i, 5)]));
        }
    }

    [Fact]
    public void A_block_that_never_changed_is_not_cut()
    {
        var chat = Chat.Begun(Chat.Words(3, 60) + "\n" + Chat.Words(4, 5));
        for (var i = 0; i < 5; i++)
        {
            Assert.Single(Chat.Texts(chat.Turn(i).Through(rewriting, CacheLevel.Split)["system"]));
        }
    }
}
