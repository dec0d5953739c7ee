using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>The self-test's exchange of lines with the program.</summary>
internal sealed class SelfTestDialogue(IClaudeProcess process)
{
    private const int MaxLineBytes = 4 * 1024 * 1024;

    /// <summary>Says everything of the script and waits for the answer's end.</summary>
    /// <returns>What went otherwise, in words that follow “it”; null: nothing.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var text = "";
        return await SayAsync(SelfTestScript.Settings, IsReplyTo("settings"), cancellation)
            ?? await SayAsync(SelfTestScript.Thinking, IsReplyTo("thinking"), cancellation)
            ?? await SayAsync(SelfTestScript.Initialize, IsReplyTo("initialize"), cancellation)
            ?? await SayAsync(SelfTestScript.History, static line => Is(line, "type", "result") ? "" : null, cancellation)
            ?? await SayAsync(SelfTestScript.Reply + "\n" + SelfTestScript.Question, Reads, cancellation)
            ?? (text == SelfTestScript.Answer ? null : "did not pass the answer's text on as it came");

        string? Reads(JsonElement line)
        {
            if (Is(line, "type", "result"))
            {
                return "ended the answer without its events";
            }

            if (!Is(line, "type", "stream_event") || !line.TryGetProperty("event", out var part))
            {
                return null;
            }

            text += part.TryGetProperty("delta", out var delta) && delta.TryGetProperty("text", out var more) ? more.GetString() : "";
            return Is(part, "type", "message_stop") ? "" : null;
        }
    }

    private static Func<JsonElement, string?> IsReplyTo(string request) => line =>
        Is(line, "type", "control_response") && line.TryGetProperty("response", out var response) && Is(response, "request_id", request)
            ? Is(response, "subtype", "success") ? "" : $"refused “{request}”"
            : null;

    private static bool Is(JsonElement element, string name, string value) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String && found.ValueEquals(value);

    /// <summary>Writes lines and reads until one of the program's settles the matter.</summary>
    /// <param name="lines">What is said.</param>
    /// <param name="settles">Null: reads on; empty: as expected; else what went otherwise.</param>
    /// <param name="cancellation">The limit.</param>
    private async Task<string?> SayAsync(string lines, Func<JsonElement, string?> settles, CancellationToken cancellation)
    {
        await process.Input.WriteAsync(Encoding.UTF8.GetBytes(lines + "\n"), cancellation);
        while (true)
        {
            var result = await process.Output.ReadAsync(cancellation);
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var verdict = Verdict(buffer.Slice(0, end), settles);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                if (verdict is not null)
                {
                    process.Output.AdvanceTo(buffer.Start);
                    return verdict.Length == 0 ? null : verdict;
                }
            }

            process.Output.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                var end = await process.Ended.WaitAsync(cancellation);
                return $"ended with exit code {end.ExitCode} in the middle{(end.Words.Length > 0 ? ": " + end.Words : "")}";
            }

            if (buffer.Length > MaxLineBytes)
            {
                return "wrote a line without end";
            }
        }
    }

    private static string? Verdict(ReadOnlySequence<byte> line, Func<JsonElement, string?> settles)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return settles(document.RootElement);
        }
        catch (JsonException)
        {
            return "wrote a line that is not JSON";
        }
    }
}
