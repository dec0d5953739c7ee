using System.Buffers;
using System.Text;
using CsCheck;
using Tuppence.Messages.EventStream;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Properties;

public sealed class EventStreamProperties
{
    private static readonly Gen<string> Event = Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 0, 400], Gen.Int[0, 5]).Select(
        static (text, kind) => kind == 0 ? """{"type":"ping"}""" : $$$"""{"type":"content_block_delta","delta":{"text":"é{{{text}}}"}}""");

    [Fact]
    public void However_the_bytes_are_cut_the_events_are_the_same() =>
        Gen.Select(Event.List[0, 12], Gen.Int).Sample(
            (list, seed) =>
            {
                byte[] bytes = [.. list.SelectMany(AwsFrames.Chunk), .. AwsFrames.Chunk("""{"type":"message_stop"}""")];
                var expected = Decode(bytes, _ => bytes.Length, out var whole);
                var random = new Random(seed);
                Assert.Equal(expected, Decode(bytes, _ => random.Next(1, 200), out var split));
                Assert.Equal(expected, Decode(bytes, _ => 1, out var single));
                Assert.All([whole, split, single], events => Assert.True(events.TryEnd()));
                Assert.Equal(list.Count + 1, expected.Split("\n\n").Length - 1);
            },
            iter: 200);

    [Fact]
    public void A_stream_that_is_cut_anywhere_is_no_whole_one() =>
        Gen.Select(Event.List[1, 4], Gen.Double[0, 1]).Sample(
            (list, place) =>
            {
                byte[] bytes = [.. list.SelectMany(AwsFrames.Chunk), .. AwsFrames.Chunk("""{"type":"message_stop"}""")];
                var text = Decode(bytes[..(int)(place * (bytes.Length - 1))], _ => 50, out var events);
                Assert.False(events.TryEnd());
                Assert.True(text.Length == 0 || text.EndsWith("\n\n", StringComparison.Ordinal));
            },
            iter: 200);

    [Fact]
    public void No_single_changed_byte_passes() =>
        Gen.Select(Event, Gen.Double[0, 1], Gen.Byte[1, 255]).Sample(
            (text, place, change) =>
            {
                var frame = AwsFrames.Chunk(text);
                frame[(int)(place * (frame.Length - 1))] ^= change;
                var events = new BedrockEvents();
                var output = new ArrayBufferWriter<byte>();
                // A longer length only waits for bytes that never come; the end tells.
                Assert.False(events.TryDecode(frame, output) && events.TryEnd());
                Assert.Equal(0, output.WrittenCount);
            },
            iter: 2000);

    private static string Decode(byte[] bytes, Func<int, int> next, out BedrockEvents events)
    {
        events = new BedrockEvents();
        var output = new ArrayBufferWriter<byte>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(next(at), bytes.Length - at);
            Assert.True(events.TryDecode(bytes.AsSpan(at, length), output), events.Problem?.Message);
            at += length;
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
