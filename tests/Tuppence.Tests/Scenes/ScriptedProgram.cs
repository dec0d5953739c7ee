using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Tuppence.Upstreams.ClaudeCode;

namespace Tuppence.Tests.Scenes;

/// <summary>A stand-in for the user's Claude Code program over two pipes: it plays what a test tells it.</summary>
internal sealed class ScriptedProgram : IClaudeProcess, IProcessSource
{
    private readonly Pipe input = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Pipe output = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly StreamReader heard;
    private readonly TaskCompletionSource<ProcessEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ScriptedProgram() => heard = new StreamReader(input.Reader.AsStream(), Encoding.UTF8);

    public PipeWriter Input => input.Writer;

    public PipeReader Output => output.Reader;

    public Task<ProcessEnd> Ended => ended.Task;

    /// <summary>Every line that was heard.</summary>
    public ConcurrentQueue<string> Lines { get; } = [];

    public Task Killed => killed.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public Task Closed => closed.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public Task Disposed => disposed.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public bool IsKilled => killed.Task.IsCompleted;

    public bool IsClosed => closed.Task.IsCompleted;

    /// <summary>What renting answers instead of this process.</summary>
    public ProcessLease? Instead { get; init; }

    public ValueTask<ProcessLease> RentAsync(CancellationToken cancellation) => ValueTask.FromResult(Instead ?? new ProcessLease(this, ProcessProblem.None, ""));

    /// <summary>Acknowledges what it is told until the turn that it is to answer; gives that line.</summary>
    public async Task<string> ListenAsync()
    {
        while (true)
        {
            var line = await HearAsync();
            using var json = JsonDocument.Parse(line);
            var type = json.RootElement.GetProperty("type").GetString();
            if (type == "control_request")
            {
                await SayAsync($$$"""{"type":"control_response","response":{"subtype":"success","request_id":"{{{json.RootElement.GetProperty("request_id").GetString()}}}"}}""");
            }
            else if (type == "user" && !json.RootElement.TryGetProperty("shouldQuery", out _))
            {
                return line;
            }
            else if (type == "user")
            {
                await SayAsync("""{"is_error":false,"num_turns":0,"stop_reason":null,"subtype":"success","result":"","type":"result"}""");
            }
        }
    }

    /// <summary>The next line that it is told.</summary>
    public async Task<string> HearAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var line = await heard.ReadLineAsync(limit.Token) ?? throw new EndOfStreamException("Nothing more was said to the program.");
        Lines.Enqueue(line);
        return line;
    }

    /// <summary>Writes lines, all at once.</summary>
    public Task SayAsync(params IEnumerable<string> lines) => WriteAsync(string.Concat(lines.Select(static line => line + "\n")));

    /// <summary>Writes events, each in its line.</summary>
    public Task TellAsync(params IEnumerable<string> events) =>
        SayAsync(events.Select(static one => $$$"""{"type":"stream_event","event":{{{one}}},"session_id":"s","parent_tool_use_id":null,"uuid":"u"}"""));

    /// <summary>Writes as it is.</summary>
    public async Task WriteAsync(string text) => await output.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Ends by itself.</summary>
    public void Exit(int code, string words = "")
    {
        output.Writer.Complete();
        ended.TrySetResult(new ProcessEnd(code, words));
    }

    /// <summary>Closes its output and lives on.</summary>
    public void Deafen() => output.Writer.Complete();

    public ValueTask KillAsync()
    {
        killed.TrySetResult();
        ended.TrySetResult(new ProcessEnd(137, ""));
        return default;
    }

    public ValueTask CloseAsync()
    {
        closed.TrySetResult();
        ended.TrySetResult(new ProcessEnd(0, ""));
        return default;
    }

    public ValueTask DisposeAsync()
    {
        disposed.TrySetResult();
        return default;
    }
}
