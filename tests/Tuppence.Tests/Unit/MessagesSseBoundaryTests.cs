using System.Text;
using Tuppence.Messages.Sse;

namespace Tuppence.Tests.Unit;

public sealed class MessagesSseBoundaryTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("event: ping\n", false)]
    [InlineData("event: ping\ndata: {}\n", false)]
    [InlineData("event: ping\ndata: {}\n\n", true)]
    [InlineData("event: ping\r\ndata: {}\r\n\r\n", true)]
    [InlineData("event: ping\rdata: {}\r\r", true)]
    [InlineData(": comment\n", true)]
    [InlineData(": comm", false)]
    [InlineData("data: 1\n\nda", false)]
    public void It_knows_where_an_event_may_be_put_in(string stream, bool boundary)
    {
        var sse = new SseBoundary();
        sse.Feed(Encoding.UTF8.GetBytes(stream));
        Assert.Equal(boundary, sse.IsAtBoundary);
    }

    [Theory]
    [InlineData("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", SseTerminal.MessageStop)]
    [InlineData("event: message_stop\ndata: {\"type\":\"message_stop\"}\n", SseTerminal.None)]
    [InlineData("data: {\"type\":\"message_stop\"}\n\n", SseTerminal.MessageStop)]
    [InlineData("event: error\ndata: {}\n\n", SseTerminal.Error)]
    [InlineData("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"\\n\\nevent: error\"}}\n\n", SseTerminal.None)]
    public void It_knows_whether_the_stream_has_ended_in_order(string stream, SseTerminal terminal)
    {
        var sse = new SseBoundary();
        sse.Feed(Encoding.UTF8.GetBytes(stream));
        Assert.Equal(terminal, sse.Terminal);
    }

    [Fact]
    public void Watching_a_stream_allocates_nothing()
    {
        var chunk = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0}\n\n"u8.ToArray();
        var sse = new SseBoundary();
        sse.Feed(chunk);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            sse.Feed(chunk.AsSpan(0, i % chunk.Length));
            sse.Feed(chunk.AsSpan(i % chunk.Length));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sse.IsAtBoundary);
    }
}
