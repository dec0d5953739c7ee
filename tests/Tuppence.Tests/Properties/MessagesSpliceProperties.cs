using System.Text;
using CsCheck;
using Tuppence.Messages.Requests;

namespace Tuppence.Tests.Properties;

public sealed class MessagesSpliceProperties
{
    [Fact]
    public void Splices_in_any_order_keep_all_that_they_do_not_cover() =>
        Gen.Select(Gen.Int, Gen.Int[0, 12]).Sample(
            (seed, count) =>
            {
                var random = new Random(seed);
                var original = Enumerable.Range(0, random.Next(1, 60)).Select(i => (byte)('a' + (i % 26))).ToArray();
                var splices = new Splices();
                var covered = new bool[original.Length];
                for (var i = 0; i < count; i++)
                {
                    var start = random.Next(original.Length + 1);
                    var end = random.Next(3) == 0 ? start : random.Next(start, original.Length + 1);
                    covered.AsSpan(start..end).Fill(true);
                    splices.Replace(new ByteRange(start, end), random.Next(3) == 0 ? default(ReadOnlyMemory<byte>) : Encoding.ASCII.GetBytes(i.ToString("00", null)));
                }

                var output = new byte[splices.OutputLength(original.Length)];
                Assert.Equal(output.Length, splices.CopyTo(original, output));
                Assert.Equal(original.Where((_, i) => !covered[i]), output.Where(b => b is >= (byte)'a' and <= (byte)'z'));
            },
            iter: 5000);

    [Fact]
    public void Insertions_at_one_place_keep_their_order_before_what_is_replaced_there()
    {
        var splices = new Splices();
        splices.Replace(new ByteRange(1, 3), "X"u8.ToArray());
        splices.Insert(1, "1"u8.ToArray());
        splices.Insert(1, "2"u8.ToArray());
        splices.Insert(4, "end"u8.ToArray());
        var output = new byte[splices.OutputLength(4)];
        splices.CopyTo("abcd"u8, output);
        Assert.Equal("a12Xdend", Encoding.ASCII.GetString(output));
    }
}
