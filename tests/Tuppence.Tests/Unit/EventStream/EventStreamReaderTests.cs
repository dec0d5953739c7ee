using System.Buffers.Binary;
using System.Text;
using Tuppence.Messages.EventStream;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Unit.EventStream;

public sealed class EventStreamReaderTests
{
    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void The_checksum_is_the_known_one(string text, uint expected)
    {
        Assert.Equal(expected, Crc32.Of(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(expected, AwsFrames.Crc(Encoding.ASCII.GetBytes(text)));
        var half = text.Length / 2;
        Assert.Equal(expected, Crc32.Of(Encoding.ASCII.GetBytes(text[half..]), Crc32.Of(Encoding.ASCII.GetBytes(text[..half]))));
    }

    [Fact]
    public void A_frame_of_the_specification_is_read()
    {
        // https://github.com/awslabs/aws-c-event-stream, tests: payload {'foo':'bar'} with one header content-type.
        var bytes = Convert.FromHexString("0000003d0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b27666f6f273a27626172277d8d9c08b1");
        using var reader = new EventStreamReader();
        ReadOnlySpan<byte> rest = bytes;
        Assert.True(reader.TryRead(ref rest, out var frame), reader.Fault.ToString());
        Assert.Equal("{'foo':'bar'}", Encoding.UTF8.GetString(frame.Payload));
        Assert.True(frame.TryText("content-type"u8, out var type));
        Assert.Equal("application/json", Encoding.UTF8.GetString(type));
        Assert.False(frame.TryText(":event-type"u8, out _));
        Assert.True(rest.IsEmpty);
    }

    [Fact]
    public void Headers_of_every_type_are_stepped_over()
    {
        byte[] headers =
        [
            1, (byte)'a', 0, 1, (byte)'b', 1, 1, (byte)'c', 2, 9, 1, (byte)'d', 3, 0, 1, 1, (byte)'e', 4, 0, 0, 0, 1, 1, (byte)'f', 5, 0, 0, 0, 0, 0, 0, 0, 1,
            1, (byte)'g', 6, 0, 2, 1, 2, 1, (byte)'h', 8, 0, 0, 0, 0, 0, 0, 0, 1, 1, (byte)'i', 9, .. new byte[16], 1, (byte)'t', 7, 0, 2, (byte)'o', (byte)'k',
        ];
        using var reader = new EventStreamReader();
        ReadOnlySpan<byte> rest = AwsFrames.Raw(headers, "x"u8);
        Assert.True(reader.TryRead(ref rest, out var frame), reader.Fault.ToString());
        Assert.True(frame.TryText("t"u8, out var value));
        Assert.Equal("ok", Encoding.UTF8.GetString(value));
        Assert.False(frame.TryText("g"u8, out _));
    }

    [Fact]
    public void A_wrong_prelude_is_known_before_the_rest_has_come()
    {
        var frame = AwsFrames.Chunk("{}");
        frame[2] ^= 1;
        AssertFault(frame.AsSpan(0, 12), EventStreamFault.PreludeChecksum);
    }

    [Fact]
    public void A_wrong_message_is_refused()
    {
        var frame = AwsFrames.Chunk("{}");
        frame[^6] ^= 1;
        AssertFault(frame, EventStreamFault.MessageChecksum);
    }

    [Fact]
    public void A_frame_that_says_it_is_huge_takes_no_memory()
    {
        var frame = AwsFrames.Chunk("{}");
        BinaryPrimitives.WriteInt32BigEndian(frame, EventStreamReader.MaxFrameBytes + 1);
        AwsFrames.Seal(frame);
        AssertFault(frame.AsSpan(0, 12), EventStreamFault.TooLarge);
    }

    [Theory]
    [InlineData(15, 0)]
    [InlineData(40, 25)]
    [InlineData(40, -1)]
    public void Lengths_that_contradict_each_other_are_refused(int total, int headers)
    {
        var frame = new byte[40];
        BinaryPrimitives.WriteInt32BigEndian(frame, total);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), headers);
        AwsFrames.Seal(frame);
        AssertFault(frame, EventStreamFault.Malformed);
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 5, 1, 2 })]
    [InlineData(new byte[] { 1, 97, 7, 0, 9, 1 })]
    [InlineData(new byte[] { 1, 97, 10 })]
    public void Headers_that_run_over_their_block_are_refused(byte[] headers) => AssertFault(AwsFrames.Raw(headers, "x"u8), EventStreamFault.Malformed);

    private static void AssertFault(ReadOnlySpan<byte> bytes, EventStreamFault expected)
    {
        using var reader = new EventStreamReader();
        Assert.False(reader.TryRead(ref bytes, out _));
        Assert.Equal(expected, reader.Fault);
    }
}
