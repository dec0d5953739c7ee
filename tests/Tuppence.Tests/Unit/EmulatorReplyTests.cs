using System.Text;
using CsCheck;
using Tuppence.Emulator.Faults;
using Tuppence.Emulator.Replies;

namespace Tuppence.Tests.Unit;

public sealed class EmulatorReplyTests
{
    [Fact]
    public void Pieces_of_a_stream_join_to_the_text_and_split_no_character() => Gen.String.Sample(raw =>
    {
        var text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(raw));
        var pieces = Chunks.Of(text).ToArray();
        return string.Concat(pieces) == text && pieces.All(piece => piece.Length > 0 && !char.IsLowSurrogate(piece[0]));
    });

    [Fact]
    public void A_beginning_costs_no_more_than_it_may() => Gen.Select(Gen.String, Gen.Int[0, 40]).Sample((raw, tokens) =>
    {
        var text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(raw));
        var beginning = ReplyLimits.Beginning(text, tokens);
        return text.StartsWith(beginning, StringComparison.Ordinal) && new TextReply(beginning).Tokens <= tokens;
    });

    [Theory]
    [InlineData("cut; after-bytes=100", "Cut")]
    [InlineData("reset", "Reset")]
    [InlineData("stall=1.5s; after_events=2", "Stall")]
    [InlineData("slow=20", "Slow")]
    [InlineData("garbage=chunk", "Garbage")]
    [InlineData("error-event", "ErrorEvent")]
    [InlineData("{\"fault\":\"stall\",\"for\":\"500ms\",\"after-bytes\":0}", "Stall")]
    public void A_fault_is_read_from_text_and_JSON(string text, string kind)
    {
        var (fault, error) = FaultSyntax.Read(text);
        Assert.Null(error);
        Assert.Equal(kind, fault!.Kind.ToString());
    }

    [Fact]
    public void Quotes_keep_a_semicolon_and_a_quote_in_a_message() =>
        Assert.Equal("a \"b\"; c", FaultSyntax.Read("status=500; message=\"a \\\"b\\\"; c\"").Fault!.Message);

    [Theory]
    [InlineData("cut=100", "cut takes no value of its own")]
    [InlineData("cut; after-bytes=ten", "after-bytes must be a whole number")]
    [InlineData("cut; after-bytes=1; after-events=1", "cannot stand together")]
    [InlineData("cut; colour=red", "has no \"colour\"")]
    [InlineData("stall=soon", "the time must be seconds")]
    [InlineData("slow", "slow needs a speed")]
    [InlineData("garbage=tail", "garbage stands in one of head, chunk, body")]
    [InlineData("status=529; type=tired", "type must be one of invalid_request_error")]
    [InlineData("{\"status\":529}", "The member \"fault\" is missing")]
    [InlineData("{", "neither valid JSON")]
    public void A_fault_that_makes_no_sense_is_explained(string text, string expected) =>
        Assert.Contains(expected, FaultSyntax.Read(text).Error, StringComparison.Ordinal);
}
