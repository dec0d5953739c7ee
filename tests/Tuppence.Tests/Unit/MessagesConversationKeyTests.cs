using System.Text;
using CsCheck;
using Tuppence.Messages.Requests;

namespace Tuppence.Tests.Unit;

public sealed class MessagesConversationKeyTests
{
    private const string Turn = """{"model":"m","system":[{"type":"text","text":"S"}],"messages":[{"role":"user","content":"Hello"}]}""";

    [Theory]
    [InlineData("""{"model":"m","max_tokens":5,"stream":true,"system":[{"type":"text","text":"S"}],"messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi"},{"role":"user","content":"More"}]}""")]
    [InlineData("""{"model":"m","system":[{"type":"text","text":"S","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"Hello","cache_control":{"type":"ephemeral"}}]}]}""")]
    [InlineData("""{"model":"m","system":[{"type":"text","text":"x-anthropic-billing-header: cch=1"},{"type":"text","text":"S"}],"messages":[{"role":"assistant","content":"First"},{"role":"user","content":"Hello"}]}""")]
    public void What_comes_later_or_moves_changes_nothing(string later) => Assert.Equal(Key(Turn), Key(later));

    [Theory]
    [InlineData("""{"model":"n","system":[{"type":"text","text":"S"}],"messages":[{"role":"user","content":"Hello"}]}""")]
    [InlineData("""{"model":"m","system":[{"type":"text","text":"T"}],"messages":[{"role":"user","content":"Hello"}]}""")]
    [InlineData("""{"model":"m","system":[{"type":"text","text":"S"},{"type":"text","text":"S"}],"messages":[{"role":"user","content":"Hello"}]}""")]
    [InlineData("""{"model":"m","system":[{"type":"text","text":"S"}],"messages":[{"role":"user","content":"Hallo"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"Hello"}]}""")]
    public void Another_beginning_is_another_conversation(string other) => Assert.NotEqual(Key(Turn), Key(other));

    [Fact]
    public void Another_preset_is_another_conversation() => Assert.NotEqual(Key(Turn), Key(Turn, "storyteller"));

    [Theory, InlineData("{}"), InlineData("{"), InlineData("[]"), InlineData("""{"messages":[]}"""), InlineData("""{"messages":[{"role":"assistant","content":"x"}]}""")]
    public void A_body_without_a_user_message_has_none(string body) => Assert.False(ConversationKey.TryCompute(Encoding.UTF8.GetBytes(body), null, out _));

    [Fact]
    public void Only_the_beginning_of_the_first_message_counts() => Gen.Select(Gen.Int[0, 40], Gen.Int[0, 2000]).Sample((letters, at) =>
    {
        var text = new StringBuilder(new string('a', 1100 + letters));
        var same = Key(Body(text.ToString()));
        text[Math.Min(at, text.Length - 1)] = 'b';
        // The quote before the text counts too.
        Assert.Equal(at >= ConversationKey.MessagePrefix - 1, same == Key(Body(text.ToString())));
    });

    private static string Body(string text) => $$"""{"model":"m","messages":[{"role":"user","content":"{{text}}"}]}""";

    private static UInt128 Key(string body, string? preset = null)
    {
        Assert.True(ConversationKey.TryCompute(Encoding.UTF8.GetBytes(body), preset, out var key));
        return key;
    }
}
