using Tuppence.Emulator.Requests;

namespace Tuppence.Emulator.Replies;

/// <summary>Thinking that the API keeps to itself.</summary>
internal sealed record RedactedReply(string Data) : ReplyBlock
{
    /// <inheritdoc/>
    public override int Tokens => TokenEstimate.OfText(Data);
}
