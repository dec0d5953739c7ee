using System.Text;

namespace Tuppence.Hosting;

/// <summary>
/// Decodes the value of <c>Connection</c>. The server puts the one word it knows, such as <c>close</c>, in the place of a value that
/// holds names of hop-by-hop fields too, and those fields must end here (RFC 9110 section 7.6.1). It leaves a value alone that holds
/// both of its words, so both are put behind such names; “close” then wins, and the connection ends with its answer.
/// </summary>
internal sealed class ConnectionMembers : Encoding
{
    /// <summary>The one instance.</summary>
    public static readonly ConnectionMembers Instance = new();

    private const string BothWords = ", close, keep-alive";

    /// <inheritdoc/>
    public override int GetByteCount(char[] chars, int index, int count) => count;

    /// <inheritdoc/>
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    /// <inheritdoc/>
    public override int GetCharCount(byte[] bytes, int index, int count) =>
        count + (HasNames(bytes.AsSpan(index, count)) ? BothWords.Length : 0);

    /// <inheritdoc/>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var written = Latin1.GetChars(bytes, byteIndex, byteCount, chars, charIndex);
        if (!HasNames(bytes.AsSpan(byteIndex, byteCount)))
        {
            return written;
        }

        BothWords.CopyTo(chars.AsSpan(charIndex + written));
        return written + BothWords.Length;
    }

    /// <inheritdoc/>
    public override int GetMaxByteCount(int charCount) => charCount;

    /// <inheritdoc/>
    public override int GetMaxCharCount(int byteCount) => byteCount + BothWords.Length;

    private static bool HasNames(ReadOnlySpan<byte> value) =>
        !Ascii.EqualsIgnoreCase(value, "close"u8) && !Ascii.EqualsIgnoreCase(value, "keep-alive"u8) && !Ascii.EqualsIgnoreCase(value, "upgrade"u8);
}
