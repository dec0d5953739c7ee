using Tuppence.Emulator.Requests;

namespace Tuppence.Emulator.Replies;

/// <summary>Thinking; without its text where the request or the model wants it so. The tokens count all the same.</summary>
internal sealed record ThinkingReply(string Thinking, string Signature, bool WithText) : ReplyBlock
{
    /// <inheritdoc/>
    public override int Tokens => TokenEstimate.OfText(Thinking);

    /// <summary>The text on the wire.</summary>
    public string Shown => WithText ? Thinking : "";
}
