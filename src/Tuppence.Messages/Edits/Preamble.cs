using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>Puts a text block that the operator wants first into <c>system</c>; behind the attribution block where the client sent one.</summary>
public sealed class Preamble : IEdit
{
    private readonly byte[] block;

    /// <summary>Compiles the block.</summary>
    /// <param name="text">Its text, not blank.</param>
    public Preamble(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        block = [.. "{\"type\":\"text\",\"text\":"u8, .. JsonText.Quote(text), (byte)'}'];
    }

    /// <inheritdoc/>
    public string Name => "preamble";

    /// <inheritdoc/>
    public void Apply(EditDraft draft)
    {
        // It stands first or, behind an attribution block, second: there already, it is not put in again.
        var bytes = draft.Body.Bytes.Span;
        foreach (ref readonly var present in draft.Body.SystemBlocks[..Math.Min(2, draft.Body.SystemBlocks.Length)])
        {
            if (present.Range.Of(bytes).SequenceEqual(block))
            {
                return;
            }
        }

        draft.PrependSystem(Name, block);
        draft.Report(Name, "");
    }
}
