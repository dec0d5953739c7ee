using System.IO.Pipelines;
using System.Text.Json;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>One answer by one process, in the very way in which clients get theirs; it takes the place of the pool and of the client.</summary>
internal sealed class SelfTestExchange(IClaudeProcess process) : IProcessSource, IAnswerSink
{
    private readonly Pipe answer = new(new PipeOptions(pauseWriterThreshold: 0));
    private int status;

    /// <inheritdoc/>
    public PipeWriter Body => answer.Writer;

    /// <summary>Sends the script's request and reads its answer.</summary>
    /// <returns>What went otherwise, in words that follow “it”; null: nothing.</returns>
    public async Task<string?> RunAsync(TimeProvider time, CancellationToken cancellation)
    {
        await using (var messages = new ClaudeCodeMessages(this, time))
        {
            await messages.AnswerAsync(SelfTestScript.Request.ToArray(), [], this, cancellation);
        }

        await answer.Writer.CompleteAsync();
        var read = await answer.Reader.ReadAtLeastAsync(int.MaxValue, cancellation);
        try
        {
            using var document = JsonDocument.Parse(read.Buffer);
            var body = document.RootElement;
            return status != 200 ? "did not answer. " + body.GetProperty("error").GetProperty("message").GetString()!.TrimEnd('.')
                : body.GetProperty("content")[0].GetProperty("text").GetString() != SelfTestScript.Answer ? "did not pass the answer's text on as it came"
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            return "did not pass the answer on as it came";
        }
    }

    /// <inheritdoc/>
    public ValueTask<ProcessLease> RentAsync(CancellationToken cancellation) => ValueTask.FromResult(new ProcessLease(process, ProcessProblem.None, ""));

    /// <inheritdoc/>
    public ValueTask BeginAsync(int status, string contentType, IReadOnlyList<HeaderLine> headers)
    {
        this.status = status;
        return default;
    }
}
