namespace Tuppence.Configuration.Layers;

/// <summary>Turns byte offsets of a UTF-8 text into lines and columns, both from 1.</summary>
internal sealed class TextPosition
{
    private readonly byte[] text;
    private readonly List<int> lineStarts = [0];

    /// <summary>Indexes the lines of <paramref name="text"/>.</summary>
    public TextPosition(byte[] text)
    {
        this.text = text;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)'\n')
            {
                lineStarts.Add(i + 1);
            }
        }
    }

    /// <summary>Line and column of a byte; the column counts characters, not bytes.</summary>
    public (int Line, int Column) At(int offset)
    {
        offset = Math.Clamp(offset, 0, text.Length);
        var found = lineStarts.BinarySearch(offset);
        var line = found >= 0 ? found : ~found - 1;
        var column = 1;
        for (var i = lineStarts[line]; i < offset; i++)
        {
            // Continuation bytes (RFC 3629 section 3) belong to the character before them.
            column += (text[i] & 0xC0) == 0x80 ? 0 : 1;
        }

        return (line + 1, column);
    }

    /// <summary>Offset of the first byte of a line counted from 0.</summary>
    public int StartOf(int line) => lineStarts[Math.Clamp(line, 0, lineStarts.Count - 1)];
}
