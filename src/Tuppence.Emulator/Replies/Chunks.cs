namespace Tuppence.Emulator.Replies;

/// <summary>Cuts a text into the pieces a stream sends, two or three words each.</summary>
internal static class Chunks
{
    private const int Least = 10;
    private const int Most = 24;

    /// <summary>The pieces in order; joined they are the text. No piece splits a character.</summary>
    public static IEnumerable<string> Of(string text)
    {
        var start = 0;
        while (start < text.Length)
        {
            var end = Math.Min(start + Least, text.Length);
            while (end < text.Length && end - start < Most && text[end] != ' ')
            {
                end++;
            }

            if (end < text.Length && char.IsLowSurrogate(text[end]))
            {
                end++;
            }

            yield return text[start..end];
            start = end;
        }
    }
}
