using System.Buffers;
using System.Text;
using Tuppence.Messages.EventStream;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Unit.EventStream;

public sealed class BedrockEventsTests : IDisposable
{
    private readonly ArrayBufferWriter<byte> output = new();
    private readonly BedrockEvents events = new();

    private string Text => Encoding.UTF8.GetString(output.WrittenSpan);

    public void Dispose() => events.Dispose();

    [Fact]
    public void A_chunk_becomes_an_event_that_is_named_after_its_type()
    {
        Assert.True(events.TryDecode(AwsFrames.Chunk("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüße 🧪"}}"""), output));
        Assert.Equal("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Grüße 🧪\"}}\n\n", Text);
        Assert.True(events.HasEvents);
        Assert.False(events.IsOver);
    }

    [Fact]
    public void Lines_between_JSON_tokens_become_spaces()
    {
        Assert.True(events.TryDecode(AwsFrames.Chunk("{\r\n \"delta\": {},\n \"type\":\"ping\"}"), output));
        Assert.Equal("event: ping\ndata: {   \"delta\": {},  \"type\":\"ping\"}\n\n", Text);
    }

    [Fact]
    public void Escaped_slashes_in_the_base64_are_read()
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"type":"a","x":"???>>>"}"""));
        Assert.Contains('/', encoded);
        var frame = AwsFrames.Frame(Encoding.UTF8.GetBytes($$"""{"bytes":"{{encoded.Replace("/", "\\/")}}"}"""), (":event-type", "chunk"), (":message-type", "event"));
        Assert.True(events.TryDecode(frame, output));
        Assert.Contains("event: a\n", Text);
    }

    [Theory]
    [InlineData("""{"p":"abc"}""")]
    [InlineData("""{"bytes":"e30=","p":"abc"}""")]
    public void Signs_of_life_are_no_events(string payload)
    {
        Assert.True(events.TryDecode(AwsFrames.Frame(Encoding.UTF8.GetBytes(payload), (":event-type", "chunk"), (":message-type", "event")), output));
        Assert.True(events.TryDecode(AwsFrames.Frame("{}"u8, (":event-type", "initial-response"), (":message-type", "event")), output));
        Assert.Equal("", Text);
        Assert.False(events.HasEvents);
    }

    [Theory]
    [InlineData("not base64")]
    [InlineData("bm90IGpzb24=")]
    [InlineData("e30gfQ==")]
    [InlineData("eyJ0eXBlIjoiYVxuYiJ9")]
    public void What_is_no_event_ends_the_stream(string bytes)
    {
        var frame = AwsFrames.Frame(Encoding.UTF8.GetBytes($$"""{"bytes":"{{bytes}}"}"""), (":event-type", "chunk"), (":message-type", "event"));
        Assert.False(events.TryDecode(frame, output));
        Assert.Equal(new StreamProblem(null, "a chunk does not hold an event"), events.Problem);
        Assert.Equal("", Text);
    }

    [Fact]
    public void An_exception_frame_ends_the_stream_with_its_own_words()
    {
        Assert.False(events.TryDecode([.. AwsFrames.Chunk("""{"type":"ping"}"""), .. AwsFrames.Exception("throttlingException", "Slow down é")], output));
        Assert.Equal(new StreamProblem("throttlingException", "Slow down é"), events.Problem);
        Assert.Equal("event: ping\ndata: {\"type\":\"ping\"}\n\n", Text);
    }

    [Fact]
    public void An_error_frame_and_an_exception_in_an_event_are_the_same()
    {
        Assert.False(events.TryDecode(AwsFrames.Frame(default, (":message-type", "error"), (":error-code", "InternalFailure"), (":error-message", "Oops")), output));
        Assert.Equal(new StreamProblem("InternalFailure", "Oops"), events.Problem);
        using var other = new BedrockEvents();
        Assert.False(other.TryDecode(AwsFrames.Frame("""{"message":"Later"}"""u8, (":message-type", "event"), (":event-type", "serviceUnavailableException")), output));
        Assert.Equal(new StreamProblem("serviceUnavailableException", "Later"), other.Problem);
    }

    [Fact]
    public void Only_message_stop_or_an_error_ends_it_in_order()
    {
        Assert.True(events.TryDecode(AwsFrames.Chunk("""{"type":"message_start"}"""), output));
        Assert.False(events.TryEnd());
        Assert.Equal("the stream ended before message_stop", events.Problem!.Message);

        using var whole = new BedrockEvents();
        Assert.True(whole.TryDecode(AwsFrames.Chunk("""{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":1}}"""), output));
        Assert.True(whole.TryEnd());

        using var cut = new BedrockEvents();
        Assert.True(cut.TryDecode(AwsFrames.Chunk("""{"type":"message_stop"}""").AsSpan(0, 40), output));
        Assert.False(cut.TryEnd());
        Assert.Equal("the stream ended inside a frame", cut.Problem!.Message);
    }

    [Fact]
    public void Decoding_allocates_nothing_per_event()
    {
        var frame = AwsFrames.Chunk("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"word "}}""");
        var sink = new FixedSink();
        Decode(frame, sink, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Decode(frame, sink, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // Whole frames and split ones in turn.
    private void Decode(byte[] frame, FixedSink sink, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(events.TryDecode(frame, sink));
            Assert.True(events.TryDecode(frame.AsSpan(0, 30), sink));
            Assert.True(events.TryDecode(frame.AsSpan(30), sink));
        }
    }

    private sealed class FixedSink : IBufferWriter<byte>
    {
        private readonly byte[] bytes = new byte[4096];

        public void Advance(int count)
        {
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => bytes;

        public Span<byte> GetSpan(int sizeHint = 0) => bytes;
    }
}
