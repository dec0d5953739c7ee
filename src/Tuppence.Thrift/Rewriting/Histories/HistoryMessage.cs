using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>A message of the history, as front ends send it or as it was kept.</summary>
internal sealed class HistoryMessage
{
    /// <summary>Who speaks.</summary>
    public required MessageRole Role { get; init; }

    /// <summary>Hashes of its blocks, without those that are carried behind the history.</summary>
    public required UInt128[] Blocks { get; init; }

    /// <summary>Its tokens.</summary>
    public required int Tokens { get; init; }

    /// <summary>Whether it is text alone.</summary>
    public required bool IsText { get; init; }

    /// <summary>Index in the body, or -1 where it is kept from an earlier request.</summary>
    public required int Index { get; init; }

    /// <summary>The message in JSON, where it may be needed later; else empty.</summary>
    public byte[] Json { get; set; } = [];

    /// <summary>Whether the front end had dropped it and it was put back.</summary>
    public bool IsHeld { get; set; }

    /// <summary>A copy that may be changed by itself.</summary>
    public HistoryMessage Copy() => (HistoryMessage)MemberwiseClone();

    /// <summary>Whether both say the same.</summary>
    public bool Matches(HistoryMessage other) => Role == other.Role && Blocks.AsSpan().SequenceEqual(other.Blocks);

    /// <summary>Whether this is the end of the other one, whose first blocks are gone.</summary>
    public bool IsEndOf(HistoryMessage other) =>
        Role == other.Role && Blocks.Length > 0 && Blocks.Length < other.Blocks.Length && other.Blocks.AsSpan().EndsWith(Blocks);
}
