namespace Tuppence.Thrift.Recording;

/// <summary>Cuts the inside of a JSON string at its line breaks, wherever one or more of them end.</summary>
internal static class Paragraphs
{
    private const int Shortest = 64;

    /// <summary>Lengths of the paragraphs in bytes of JSON; they add up to the string without its quotes. Short ones go with the next.</summary>
    public static List<int> Of(ReadOnlySpan<byte> json)
    {
        var content = json.Length < 2 ? default : json[1..^1];
        var lengths = new List<int>();
        var start = 0;
        var at = 0;
        while (at < content.Length)
        {
            var slash = content[at..].IndexOf((byte)'\\');
            if (slash < 0 || at + slash + 1 >= content.Length)
            {
                break;
            }

            at += slash + 2;
            var ends = content[at - 1] == 'n' && !content[at..].StartsWith("\\n"u8);
            if (ends && at - start >= Shortest)
            {
                lengths.Add(at - start);
                start = at;
            }
        }

        if (start < content.Length)
        {
            lengths.Add(content.Length - start);
        }

        return lengths;
    }
}
