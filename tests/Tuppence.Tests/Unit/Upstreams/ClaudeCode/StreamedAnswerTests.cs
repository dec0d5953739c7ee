using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.ClaudeCode.Answers;
using Tuppence.Upstreams.ClaudeCode.Requests;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Tests.Unit.Upstreams.ClaudeCode;

public sealed class StreamedAnswerTests
{
    [Fact]
    public async Task An_event_allocates_nothing()
    {
        Assert.True(ClaudeRequest.TryRead(Encoding.UTF8.GetBytes(ClaudeScene.Request), out var request, out _));
        var lines = new RequestLines(request!);
        var answer = new StreamedAnswer(new Nowhere());
        var state = new AnswerState(request!, lines, new ProcessInput(PipeWriter.Create(Stream.Null), lines), answer, static () => default);
        state.Begin();
        Assert.True(state.Take(Line(ClaudeScene.Start)));
        await answer.FlushAsync(TestContext.Current.CancellationToken);
        var line = Line(ClaudeScene.Delta);
        using var splitter = new LineSplitter();
        var buffer = new ReadOnlySequence<byte>([.. line, (byte)'\n']);

        // Within the room that a batch has.
        Take(100);
        await answer.FlushAsync(TestContext.Current.CancellationToken);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Take(100);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Take(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var rest = buffer;
                Assert.True(splitter.TryTake(ref rest, out var one));
                Assert.True(state.Take(one));
            }
        }
    }

    [Fact]
    public async Task A_carriage_return_between_tokens_does_not_end_the_data()
    {
        var sink = new RecordedAnswer();
        var answer = new StreamedAnswer(sink);
        answer.Event("message_start"u8, "{\r\"type\":\"message_start\"}"u8);
        await answer.EndAsync(TestContext.Current.CancellationToken);
        Assert.Equal("event: message_start\ndata: { \"type\":\"message_start\"}\n\n", await sink.WholeAsync());
    }

    [Fact]
    public void Lines_are_found_whatever_pieces_they_come_in()
    {
        var text = Encoding.UTF8.GetBytes("one\n\ntwo two\nthree\nrest");
        for (var size = 1; size <= text.Length; size++)
        {
            var found = new List<string>();
            using var splitter = new LineSplitter();
            var start = 0;
            for (var end = Math.Min(size, text.Length); ; end = Math.Min(end + size, text.Length))
            {
                var buffer = Pieces(text[start..end], size);
                var length = buffer.Length;
                while (splitter.TryTake(ref buffer, out var line))
                {
                    found.Add(Encoding.UTF8.GetString(line));
                }

                start += (int)(length - buffer.Length);
                if (end == text.Length)
                {
                    break;
                }
            }

            Assert.Equal(["one", "", "two two", "three"], found);
        }
    }

    private static byte[] Line(string one) => Encoding.UTF8.GetBytes("{\"type\":\"stream_event\",\"event\":" + one + ",\"session_id\":\"s\",\"parent_tool_use_id\":null,\"uuid\":\"u\"}");

    private static ReadOnlySequence<byte> Pieces(byte[] bytes, int size)
    {
        var first = new Piece(bytes.AsMemory(0, Math.Min(size, bytes.Length)));
        var last = first;
        for (var at = size; at < bytes.Length; at += size)
        {
            last = last.Then(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }

    private sealed class Nowhere : IAnswerSink
    {
        public PipeWriter Body { get; } = PipeWriter.Create(Stream.Null);

        public ValueTask BeginAsync(int status, string contentType, IReadOnlyList<HeaderLine> headers) => default;
    }
}
