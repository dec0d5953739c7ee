using System.Text;

namespace Tuppence.Hosting;

/// <summary>
/// Decodes the value of <c>Content-Length</c> so that anything but digits (RFC 9112 section 6.2) becomes a character no number has:
/// the server's own parser would take a sign, and <c>+2</c> is how one hop is made to read what another does not.
/// </summary>
internal sealed class StrictDigits : Encoding
{
    /// <summary>The one instance.</summary>
    public static readonly StrictDigits Instance = new();

    /// <inheritdoc/>
    public override int GetByteCount(char[] chars, int index, int count) => count;

    /// <inheritdoc/>
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    /// <inheritdoc/>
    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    /// <inheritdoc/>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        for (var i = 0; i < byteCount; i++)
        {
            var b = bytes[byteIndex + i];
            chars[charIndex + i] = b is >= (byte)'0' and <= (byte)'9' ? (char)b : '\uFFFD';
        }

        return byteCount;
    }

    /// <inheritdoc/>
    public override int GetMaxByteCount(int charCount) => charCount;

    /// <inheritdoc/>
    public override int GetMaxCharCount(int byteCount) => byteCount;
}
