using CsCheck;
using Tuppence.Exchange;
using Tuppence.Messages.Requests;

namespace Tuppence.Tests.Properties;

public sealed class PooledBodyProperties
{
    private static readonly Gen<(byte[] Body, (int Start, int Length, byte[] Insert)[] Changes)> Cases =
        Gen.Byte.Array[0, 6000].SelectMany(body =>
            Gen.Select(Gen.Int[0, body.Length], Gen.Int[0, 700], Gen.Byte.Array[0, 900]).Array[0, 12].Select(changes => (body, changes)));

    [Fact]
    public void Changes_made_in_place_equal_changes_made_by_copying() =>
        Cases.Sample(
            test =>
            {
                var splices = new Splices();
                foreach (var (start, length, insert) in test.Changes)
                {
                    splices.Replace(new ByteRange(start, Math.Min(test.Body.Length, start + length)), insert);
                }

                var expected = new byte[splices.OutputLength(test.Body.Length)];
                splices.CopyTo(test.Body, expected);
                using var body = new PooledBody(test.Body.Length);
                test.Body.CopyTo(body.Reserve(test.Body.Length));
                body.Advance(test.Body.Length);

                var isApplied = body.TryApply(splices.Items);

                return body.Bytes.Span.SequenceEqual(isApplied ? expected : test.Body);
            },
            iter: 5000);

    [Fact]
    public void A_small_change_needs_no_copy_and_leaves_room_for_the_head()
    {
        var splices = new Splices();
        splices.Insert(10, new byte[100]);
        splices.Remove(new ByteRange(50_000, 50_020));
        using var body = new PooledBody(60_000);
        body.Reserve(60_000);
        body.Advance(60_000);

        Assert.True(body.TryApply(splices.Items));
        Assert.Equal(60_080, body.Length);
        Assert.NotNull(body.Join(new byte[1000]));
    }

    [Fact]
    public void A_change_that_brings_bytes_of_the_body_itself_is_left_to_a_copy()
    {
        using var body = new PooledBody(100);
        body.Reserve(100);
        body.Advance(100);
        var splices = new Splices();
        splices.Insert(0, body.Bytes[50..60]);

        Assert.False(body.TryApply(splices.Items));
    }
}
