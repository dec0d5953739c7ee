namespace Tuppence.Thrift.Rewriting.Heads;

/// <summary>Writes the head as it is to be sent.</summary>
internal static class HeadRendition
{
    private static ReadOnlySpan<byte> Opening => "{\"type\":\"text\",\"text\":\""u8;

    private static ReadOnlySpan<byte> Break => "\\n"u8;

    /// <summary>The texts of the blocks, without quotes, or elements; of blocks of which nothing is left none.</summary>
    /// <param name="head">The head, settled against a request.</param>
    /// <param name="holds">Whether what the request lacks is written all the same.</param>
    public static List<(byte[] Text, bool IsElement)> Texts(HeadMemory head, bool holds)
    {
        var texts = new List<(byte[] Text, bool IsElement)>(head.Blocks.Count);
        var text = new List<byte>();
        foreach (var block in head.Blocks)
        {
            HeadUnit? last = null;
            text.Clear();
            foreach (var unit in block.Units)
            {
                if (!unit.InPlace || (unit.Seen != head.Request && !holds))
                {
                    continue;
                }

                if (unit.IsElement)
                {
                    texts.Add((unit.Text, true));
                    continue;
                }

                text.AddRange(last is null ? block.Lead : GapBetween(last, unit));
                text.AddRange(unit.Text);
                last = unit;
            }

            if (last is not null)
            {
                text.AddRange(last.EndsBlock ? last.Gap : []);
                texts.Add(([.. text], false));
            }
        }

        return texts;
    }

    /// <summary>The value of <c>system</c>, or of a message's content.</summary>
    public static byte[] Write(List<(byte[] Text, bool IsElement)> texts)
    {
        var json = new List<byte>(texts.Sum(static text => text.Text.Length + 32)) { (byte)'[' };
        foreach (var (text, isElement) in texts)
        {
            json.AddRange(json.Count > 1 ? ","u8 : default);
            if (isElement)
            {
                json.AddRange(text);
                continue;
            }

            json.AddRange(Opening);
            json.AddRange(text);
            json.AddRange("\"}"u8);
        }

        json.Add((byte)']');
        return [.. json];
    }

    private static ReadOnlySpan<byte> GapBetween(HeadUnit unit, HeadUnit next)
    {
        if (unit.Paragraph != 0 && unit.Paragraph == next.Paragraph)
        {
            return unit.Gap.Length > 0 ? unit.Gap : " "u8;
        }

        var gap = unit.Paragraph != 0 ? unit.ParagraphGap : unit.Gap;
        return gap.Length > 0 ? gap : Break;
    }
}
