using System.Text;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.ClaudeCode.Answers;

namespace Tuppence.Tests.Scenes;

/// <summary>One request that a scripted program answers.</summary>
internal sealed class ClaudeScene : IAsyncDisposable
{
    public const string Request = """{"model":"claude-sonnet-4-5","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"hello"}]}""";

    public const string Start = """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":11,"output_tokens":1}}}""";
    public const string BlockStart = """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""";
    public const string Delta = """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}""";
    public const string BlockStop = """{"type":"content_block_stop","index":0}""";
    public const string Stop = """{"type":"message_stop"}""";

    private readonly CancellationTokenSource client = new();

    public ClaudeScene(string request = Request, ScriptedProgram? program = null, ConversationLimits? limits = null)
    {
        Program = program ?? new ScriptedProgram();
        Messages = new ClaudeCodeMessages(Program, Clock) { Patience = limits ?? new ConversationLimits() };
        Answering = Messages.AnswerAsync(Encoding.UTF8.GetBytes(request), [], Answer, client.Token).AsTask();
    }

    public GatewayClock Clock { get; } = new();

    public ScriptedProgram Program { get; }

    public RecordedAnswer Answer { get; } = new();

    public ClaudeCodeMessages Messages { get; }

    public Task Answering { get; }

    public static string End(string reason) => $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}","stop_sequence":null},"usage":{"output_tokens":2}}""";

    public static string Sse(string one) => $"event: {one.Split('"')[3]}\ndata: {one}\n\n";

    public void LeaveClient() => client.Cancel();

    /// <summary>The client has its whole answer.</summary>
    public Task AnsweredAsync() => Answering.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>The answer's text, once it is over.</summary>
    public async Task<string> WholeAsync()
    {
        await AnsweredAsync();
        return await Answer.WholeAsync();
    }

    /// <summary>The program has listened to the whole request.</summary>
    public static async Task<ClaudeScene> ListenedAsync(string request = Request, ConversationLimits? limits = null)
    {
        var scene = new ClaudeScene(request, limits: limits);
        await scene.Program.ListenAsync();
        return scene;
    }

    public async ValueTask DisposeAsync()
    {
        await client.CancelAsync();
        try
        {
            await Answering.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (OperationCanceledException)
        {
            // The client's leaving.
        }

        // What is still waited for is not waited for in real time.
        var last = Messages.DisposeAsync().AsTask();
        while (!last.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await last;
        client.Dispose();
    }
}
