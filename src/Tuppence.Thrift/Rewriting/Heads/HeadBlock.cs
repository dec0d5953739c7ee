namespace Tuppence.Thrift.Rewriting.Heads;

/// <summary>A block of the remembered head.</summary>
internal sealed class HeadBlock
{
    /// <summary>The white space before its first unit.</summary>
    public required byte[] Lead { get; init; }

    /// <summary>Its units, those that are carried behind the history included.</summary>
    public List<HeadUnit> Units { get; private set; } = [];

    /// <summary>Whether whole paragraphs came or went in it: a list of entries then, not a running text.</summary>
    public int Comings { get; set; }

    /// <summary>A copy that may be changed by itself.</summary>
    /// <param name="copyOf">The copy of a unit.</param>
    public HeadBlock Copy(Converter<HeadUnit, HeadUnit> copyOf)
    {
        var copy = (HeadBlock)MemberwiseClone();
        copy.Units = Units.ConvertAll(copyOf);
        return copy;
    }
}
