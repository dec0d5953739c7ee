using System.IO.Compression;
using System.Text;

namespace Tuppence.Tests.Functional.Accounting;

/// <summary>Compresses what an upstream sends.</summary>
internal static class Packed
{
    public static byte[] As(string coding, string text)
    {
        var packed = new MemoryStream();
        using (Stream packer = coding switch { "br" => new BrotliStream(packed, CompressionLevel.Fastest), "deflate" => new ZLibStream(packed, CompressionLevel.Fastest), _ => new GZipStream(packed, CompressionLevel.Fastest) })
        {
            packer.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
