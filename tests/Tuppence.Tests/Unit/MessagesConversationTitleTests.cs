using System.Text;
using Tuppence.Messages.Requests;

namespace Tuppence.Tests.Unit;

public sealed class MessagesConversationTitleTests
{
    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"Hello there"}]}""", "Hello there")]
    [InlineData("""{"messages":[{"role":"user","content":"[Start a new Chat]"},{"role":"assistant","content":"Hi"},{"role":"user","content":[{"type":"image"},{"type":"text","text":"  Who\n\tare you?\u0000 "}]}]}""", "Who are you?")]
    [InlineData("""{"messages":[{"role":"assistant","content":"Hi"}]}""", null)]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image"}]}]}""", null)]
    [InlineData("{", null)]
    [InlineData("""{"messages":[{"role":"user","content":""}]}""", null)]
    public void It_is_what_the_user_wrote_first_in_one_line(string body, string? title) => Assert.Equal(title, ConversationTitle.Of(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void A_long_one_is_cut_at_a_word()
    {
        var title = ConversationTitle.Of(Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":"{{string.Join(' ', Enumerable.Repeat("seven77", 40))}}"}]}"""))!;
        Assert.Equal(string.Join(' ', Enumerable.Repeat("seven77", 9)) + "…", title);
        Assert.InRange(ConversationTitle.Of(Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":"{{new string('x', 500)}}"}]}"""))!.Length, 1, ConversationTitle.Longest + 1);
    }
}
