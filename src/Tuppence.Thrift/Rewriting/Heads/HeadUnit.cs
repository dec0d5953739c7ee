namespace Tuppence.Thrift.Rewriting.Heads;

/// <summary>A piece of the head of a conversation: a paragraph, one sentence of a paragraph that changed in part, or a block that is no plain text.</summary>
internal sealed class HeadUnit
{
    /// <summary>Hash of <see cref="Text"/>.</summary>
    public required UInt128 Hash { get; init; }

    /// <summary>What it says, as written in JSON without quotes; of a block that is no plain text the element.</summary>
    public required byte[] Text { get; init; }

    /// <summary>The white space behind it.</summary>
    public required byte[] Gap { get; init; }

    /// <summary>Its tokens.</summary>
    public required int Tokens { get; init; }

    /// <summary>Whether it is a whole block that is no plain text.</summary>
    public bool IsElement { get; init; }

    /// <summary>The paragraph that it is a sentence of, or 0.</summary>
    public long Paragraph { get; init; }

    /// <summary>Place among the sentences of its paragraph.</summary>
    public int Ordinal { get; init; }

    /// <summary>The white space behind its paragraph, where it is a sentence.</summary>
    public byte[] ParagraphGap { get; init; } = [];

    /// <summary>Whether its block ended with it when the head was first seen.</summary>
    public bool EndsBlock { get; init; }

    /// <summary>The request that it came with.</summary>
    public long Born { get; init; }

    /// <summary>Whether it stays where the front end put it; else it is carried behind the history.</summary>
    public bool InPlace { get; set; } = true;

    /// <summary>The last request that had it.</summary>
    public long Seen
    {
        get;
        set => (SeenBefore, field) = (field, value);
    }

    /// <summary>What <see cref="Seen"/> was before it was set last.</summary>
    public long SeenBefore { get; private set; }

    /// <summary>How often it went away.</summary>
    public int Toggles { get; set; }

    /// <summary>Requests in a row that had it while it was carried behind the history.</summary>
    public int Carried { get; set; }

    /// <summary>A copy that may be changed by itself.</summary>
    public HeadUnit Copy() => (HeadUnit)MemberwiseClone();

    /// <summary>Bytes that are remembered for it.</summary>
    public int Bytes => Text.Length + Gap.Length + 120;
}
