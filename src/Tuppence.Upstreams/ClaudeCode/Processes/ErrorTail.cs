using System.Text;

namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>Reads a process's standard error to its end, however long, and keeps the end of it.</summary>
internal static class ErrorTail
{
    /// <summary>Characters that are kept.</summary>
    public const int Characters = 2000;

    private const int MaxBytesOfCharacter = 4;

    /// <summary>The last lines, in printable characters; empty where there were none.</summary>
    /// <remarks>Lines that quote what the program was sent are left out: they hold the user's prompt.</remarks>
    public static async Task<string> ReadAsync(Stream stream)
    {
        var kept = new byte[Characters * MaxBytesOfCharacter * 2];
        var filled = 0;
        try
        {
            while (await stream.ReadAsync(kept.AsMemory(filled)) is > 0 and var read)
            {
                filled += read;
                if (filled == kept.Length)
                {
                    kept.AsSpan(filled / 2).CopyTo(kept);
                    filled -= filled / 2;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // What was read until then is what there is.
        }

        return Clean(Encoding.UTF8.GetString(kept, 0, filled));
    }

    private static string Clean(string text)
    {
        var words = new StringBuilder();
        foreach (var line in text.EnumerateLines())
        {
            if (line.Contains("{\"", StringComparison.Ordinal) || line.IsWhiteSpace())
            {
                continue;
            }

            words.Append(words.Length > 0 ? "\n" : "");
            foreach (var character in line)
            {
                words.Append(char.IsControl(character) ? ' ' : character);
            }
        }

        return words.Length > Characters ? words.ToString(words.Length - Characters, Characters) : words.ToString();
    }
}
