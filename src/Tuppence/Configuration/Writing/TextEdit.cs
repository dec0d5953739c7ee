using System.Runtime.InteropServices;

namespace Tuppence.Configuration.Writing;

/// <summary>Bytes that take the place of others.</summary>
/// <param name="Start">First byte that goes.</param>
/// <param name="Length">How many go.</param>
/// <param name="With">What comes.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextEdit(int Start, int Length, byte[] With)
{
    /// <summary>The text with all edits made; they are in order and do not overlap.</summary>
    public static byte[] Apply(ReadOnlySpan<byte> text, IReadOnlyList<TextEdit> edits)
    {
        using var output = new MemoryStream(text.Length + 256);
        var done = 0;
        foreach (var edit in edits)
        {
            output.Write(text[done..edit.Start]);
            output.Write(edit.With);
            done = edit.Start + edit.Length;
        }

        output.Write(text[done..]);
        return output.ToArray();
    }
}
