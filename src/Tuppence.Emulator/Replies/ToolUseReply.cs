using System.Text;
using Tuppence.Emulator.Requests;

namespace Tuppence.Emulator.Replies;

/// <summary>A call of a tool; <paramref name="Input"/> is a JSON object.</summary>
internal sealed record ToolUseReply(string Id, string Name, string Input) : ReplyBlock
{
    /// <inheritdoc/>
    public override int Tokens => TokenEstimate.OfBytes(Encoding.UTF8.GetByteCount(Name) + Encoding.UTF8.GetByteCount(Input));
}
