using System.IO.Pipelines;
using System.Text;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Tests.Scenes;

/// <summary>Keeps an answer as it is written.</summary>
internal sealed class RecordedAnswer : IAnswerSink
{
    private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly StringBuilder text = new();

    public int Status { get; private set; }

    public string ContentType { get; private set; } = "";

    public IReadOnlyList<HeaderLine> Headers { get; private set; } = [];

    public PipeWriter Body => pipe.Writer;

    /// <summary>What was written so far and read by a test.</summary>
    public string Text => text.ToString();

    public string? this[string header] => Headers.FirstOrDefault(line => line.Name == header) is { Name: not null } found ? found.Value : null;

    public ValueTask BeginAsync(int status, string contentType, IReadOnlyList<HeaderLine> headers)
    {
        Assert.Equal(0, Status);
        (Status, ContentType, Headers) = (status, contentType, headers);
        return default;
    }

    /// <summary>Waits until a text has been written.</summary>
    public async Task UntilAsync(string wanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!Text.Contains(wanted, StringComparison.Ordinal))
        {
            Take(await pipe.Reader.ReadAsync(limit.Token));
        }
    }

    /// <summary>The whole answer, once it is over.</summary>
    public async Task<string> WholeAsync()
    {
        await pipe.Writer.CompleteAsync();
        for (var isOver = false; !isOver;)
        {
            var read = await pipe.Reader.ReadAsync();
            isOver = read.IsCompleted;
            Take(read);
        }

        return Text;
    }

    private void Take(ReadResult read)
    {
        text.Append(Encoding.UTF8.GetString(read.Buffer));
        pipe.Reader.AdvanceTo(read.Buffer.End);
    }
}
