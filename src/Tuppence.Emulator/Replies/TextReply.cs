using Tuppence.Emulator.Requests;

namespace Tuppence.Emulator.Replies;

/// <summary>Text.</summary>
internal sealed record TextReply(string Text) : ReplyBlock
{
    /// <inheritdoc/>
    public override int Tokens => TokenEstimate.OfText(Text);
}
