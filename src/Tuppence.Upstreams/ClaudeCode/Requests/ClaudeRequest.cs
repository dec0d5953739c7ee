using System.Diagnostics.CodeAnalysis;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>A request as the program is told it: what it needs to know before the conversation, and the conversation in turns.</summary>
internal sealed class ClaudeRequest
{
    private ClaudeRequest(MessageBody body, string model, string? defaultEffort, bool streams, ThinkingChoice thinking, Turn[] turns) =>
        (Body, Model, DefaultEffort, Streams, Thinking, Turns) = (body, model, defaultEffort, streams, thinking, turns);

    /// <summary>The request.</summary>
    public MessageBody Body { get; }

    /// <summary>Its model.</summary>
    public string Model { get; }

    /// <summary>The effort that the API takes where a request names none, or null; the program's own differs for some models.</summary>
    public string? DefaultEffort { get; }

    /// <summary>Whether the client wants events.</summary>
    public bool Streams { get; }

    /// <summary>What is said of thinking.</summary>
    public ThinkingChoice Thinking { get; }

    /// <summary>The turns; the last is the user's and is answered.</summary>
    public IReadOnlyList<Turn> Turns { get; }

    /// <summary>Whether the client brings tools.</summary>
    public bool HasTools => !Body.Tools.IsEmpty;

    /// <summary>Reads a request that <see cref="CarriedRequest"/> has passed.</summary>
    /// <param name="bytes">The body; kept, not copied.</param>
    /// <param name="request">The request.</param>
    /// <param name="fault">Why it cannot be told to the program, where this answers false.</param>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out ClaudeRequest? request, [NotNullWhen(false)] out string? fault)
    {
        request = null;
        if (!MessageBody.TryRead(bytes, out var body, out var syntax, JsonCursor.DeepestNesting))
        {
            fault = syntax.Message;
            return false;
        }

        var json = bytes.Span;
        if (!body.TryFind("model"u8, out var named) || json[named.Value.Start] != '"')
        {
            fault = "\"model\" must be a string.";
            return false;
        }

        var turns = Turn.Of(body);
        if (turns.Length == 0 || turns[^1].IsAssistant)
        {
            fault = "The last message must be the user's: Claude Code cannot go on with an assistant message (a prefill).";
            return false;
        }

        var model = JsonText.Decode(named.Value.Of(json));
        ModelTable.Default.TryFind(model, out var known);
        var thinking = ThinkingChoice.Of(body, model, known);
        fault = thinking.Fault;
        if (fault is not null)
        {
            return false;
        }

        var streams = body.TryFind("stream"u8, out var stream) && json[stream.Value.Start] == 't';
        request = new ClaudeRequest(body, model, known?.Thinking.DefaultEffort, streams, thinking, turns);
        return true;
    }
}
