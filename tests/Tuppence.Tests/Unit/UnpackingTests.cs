using System.IO.Compression;
using System.Text;
using Tuppence.Exchange;

namespace Tuppence.Tests.Unit;

public sealed class UnpackingTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 3000).Select(static i => $"line {i * 7919 % 10007}")));

    [Theory]
    [InlineData("gzip", 1), InlineData("gzip", 700), InlineData("GZIP", 1_000_000), InlineData("x-gzip", 33), InlineData("br", 1), InlineData("br", 500), InlineData("deflate", 5)]
    public void A_copy_is_unpacked_in_whatever_pieces_it_comes(string coding, int step)
    {
        var got = new MemoryStream();
        using var unpacking = Unpacking.Of(coding, bytes => got.Write(bytes));
        var packed = Pack(coding);
        for (var at = 0; at < packed.Length; at += step)
        {
            unpacking!.Feed(packed.AsSpan(at, Math.Min(step, packed.Length - at)));
        }

        Assert.Equal(Text, got.ToArray());
    }

    [Fact]
    public void What_is_flushed_is_there_at_once()
    {
        var packed = new MemoryStream();
        using var packer = new GZipStream(packed, CompressionLevel.Fastest);
        var got = new MemoryStream();
        using var unpacking = Unpacking.Of("gzip", bytes => got.Write(bytes));
        for (var i = 1; i <= 20; i++)
        {
            var before = (int)packed.Length;
            packer.Write("event"u8);
            packer.Flush();
            unpacking!.Feed(packed.ToArray().AsSpan(before));
            Assert.Equal(5 * i, got.Length);
        }
    }

    [Theory, InlineData("gzip"), InlineData("br"), InlineData("deflate")]
    public void What_cannot_be_unpacked_is_given_up(string coding)
    {
        using var unpacking = Unpacking.Of(coding, static _ => { });
        for (var i = 0; i < 100; i++)
        {
            unpacking!.Feed("this is not compressed at all, whatever the header says"u8);
        }
    }

    [Theory, InlineData(null), InlineData("zstd"), InlineData("gzip, br"), InlineData("identity")]
    public void Other_codings_are_not_unpacked(string? coding) => Assert.Null(Unpacking.Of(coding, static _ => { }));

    private static byte[] Pack(string coding)
    {
        var packed = new MemoryStream();
        using (Stream packer = coding switch { "br" => new BrotliStream(packed, CompressionLevel.Fastest), "deflate" => new ZLibStream(packed, CompressionLevel.Fastest), _ => new GZipStream(packed, CompressionLevel.Fastest) })
        {
            packer.Write(Text);
        }

        return packed.ToArray();
    }
}
