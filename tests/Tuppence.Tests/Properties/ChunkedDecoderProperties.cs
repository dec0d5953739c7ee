using CsCheck;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Tests.Properties;

public sealed class ChunkedDecoderProperties
{
    [Fact]
    public void Any_split_of_the_bytes_gives_the_payload() =>
        Gen.Select(Gen.Byte.Array[0, 600], Gen.Int, Gen.Int[1, 80], Gen.Int[1, 90]).Sample((payload, seed, chunk, cut) =>
        {
            var framed = OddBytes.Chunked(payload, seed, chunk);
            var (isValid, isDone, got, consumed) = Decode(framed, seed, cut);
            Assert.Equal((true, true, framed.Length), (isValid, isDone, consumed));
            Assert.Equal(payload, got);
        });

    [Fact]
    public void What_is_broken_is_broken_however_it_is_split() =>
        Gen.Select(Gen.Byte.Array[1, 60], Gen.Int, Gen.Int[1, 20], Gen.Int[1, 9], Gen.Int[0, 500], Gen.Byte).Sample((payload, seed, chunk, cut, at, value) =>
        {
            var framed = OddBytes.Chunked(payload, seed, chunk);
            framed[at % framed.Length] = value;
            var whole = Decode(framed, seed, framed.Length);
            var split = Decode(framed, seed, cut);
            Assert.Equal((whole.IsValid, whole.IsDone, whole.Consumed), (split.IsValid, split.IsDone, split.Consumed));
            Assert.Equal(whole.Payload, split.Payload);
        });

    [Theory]
    [InlineData("\r\n")]
    [InlineData(";x\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("+1\r\nx")]
    [InlineData("0x1\r\n")]
    [InlineData("g\r\n")]
    [InlineData("1\nx")]
    [InlineData("1\r\nxy")]
    [InlineData("1\r\nx\n")]
    [InlineData("1;e\nx")]
    [InlineData("1\rx")]
    [InlineData("fffffffffffffffff\r\n")]
    [InlineData("7fffffffffffffff\r\n")]
    [InlineData("0\r\nA: b\n")]
    public void Framing_that_could_be_read_in_two_ways_is_broken(string bytes) =>
        Assert.False(Decode([.. bytes.Select(static c => (byte)c)], 0, 1).IsValid);

    [Theory]
    [InlineData("0\r\n\r\n", "")]
    [InlineData("000\r\n\r\n", "")]
    [InlineData("1 ;e=\"f\"\r\nx\r\n0\r\nDigest: 1\r\nB: 2\r\n\r\n", "x")]
    [InlineData("a\r\n0123456789\r\n0\r\n\r\nHTTP/1.1", "0123456789")]
    public void Extensions_and_trailers_are_read_over(string bytes, string payload)
    {
        var got = Decode([.. bytes.Select(static c => (byte)c)], 0, 1);
        Assert.Equal((true, true, payload), (got.IsValid, got.IsDone, System.Text.Encoding.ASCII.GetString(got.Payload)));
    }

    [Fact]
    public void Endless_extensions_and_trailers_are_refused()
    {
        Assert.False(Decode([.. "1;"u8, .. Enumerable.Repeat((byte)'x', 70_000)], 0, 1000).IsValid);
        Assert.False(Decode([.. "0\r\n"u8, .. Enumerable.Repeat((byte)'x', 70_000)], 0, 1000).IsValid);
    }

    private static (bool IsValid, bool IsDone, byte[] Payload, int Consumed) Decode(byte[] framed, int seed, int cut)
    {
        var decoder = new ChunkedDecoder();
        var (got, total) = (new List<byte>(), 0);
        foreach (var run in OddBytes.Cut(framed, seed, cut))
        {
            for (var rest = run.Span; rest.Length > 0 && !decoder.IsDone;)
            {
                if (!decoder.TryNext(rest, out var consumed, out var payload))
                {
                    return (false, false, [.. got], total + consumed);
                }

                got.AddRange(payload);
                total += consumed;
                rest = rest[consumed..];
            }
        }

        return (true, decoder.IsDone, [.. got], total);
    }
}
