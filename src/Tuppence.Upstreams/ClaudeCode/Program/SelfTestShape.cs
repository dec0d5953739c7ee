using System.Globalization;
using System.Text.Json;

namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>What the program's request to the API must look like, for answers to be what the client asked for.</summary>
/// <remarks>The program's own notes on date, system and model are let pass, wherever they stand: they change from version to version.</remarks>
internal static class SelfTestShape
{
    /// <summary>What is otherwise, in words that follow “it”; null: nothing.</summary>
    /// <param name="requests">All requests for an answer.</param>
    /// <param name="clientApp">Tuppence's name and version.</param>
    public static string? Difference(IReadOnlyList<SelfTestRequest> requests, string clientApp)
    {
        if (requests is not [var request])
        {
            return string.Create(CultureInfo.InvariantCulture, $"sent {requests.Count} requests for one answer");
        }

        if (!request.UserAgent.Contains(clientApp, StringComparison.Ordinal))
        {
            return "does not name Tuppence in its User-Agent";
        }

        try
        {
            using var document = JsonDocument.Parse(request.Body);
            return Difference(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return "sent a request that is not of the Messages API's form";
        }
    }

    private static string? Difference(JsonElement body)
    {
        var system = body.GetProperty("system");
        return Text(body, "model") != SelfTestScript.Model ? "did not take the model"
            : !(body.TryGetProperty("stream", out var stream) && stream.GetBoolean()) ? "did not ask for a stream"
            : !(body.TryGetProperty("max_tokens", out var limit) && limit.GetInt32() == SelfTestScript.MaxTokens) ? "did not take max_tokens"
            : !(body.TryGetProperty("temperature", out var heat) && heat.GetDouble() == SelfTestScript.Temperature) ? "did not take the sampling parameters"
            : !(body.TryGetProperty("stop_sequences", out var stops) && stops.GetArrayLength() == 1 && stops[0].GetString() == SelfTestScript.Stop) ? "did not take the stop sequences"
            : body.TryGetProperty("thinking", out var thinking) && Text(thinking, "type") != "disabled" ? "did not switch thinking off"
            : !(body.TryGetProperty("tools", out var tools) && tools.GetArrayLength() == 1 && Text(tools[0], "name") == SelfTestScript.Tool) ? "did not offer the client's tool, under its name and alone"
            : !(body.TryGetProperty("tool_choice", out var choice) && Text(choice, "type") == "auto") ? "did not take tool_choice"
            : system.ValueKind != JsonValueKind.Array || system.GetArrayLength() != 3 || Text(system[2], "text") != SelfTestScript.System ? "did not put the system prompt, as it was, behind its own two blocks"
            : Conversation(body.GetProperty("messages")) is not [("user", var first), ("assistant", var reply), ("user", var second)] ? "did not send the three messages of the chat"
            : !first.Contains(SelfTestScript.FirstQuestion) ? "changed a message that looks like a command"
            : reply is not [SelfTestScript.FirstAnswer] ? "changed an answer of the history"
            : second is not [.., SelfTestScript.SecondQuestion] ? "did not end with the last message"
            : null;
    }

    private static List<(string Role, List<string> Texts)> Conversation(JsonElement messages)
    {
        var conversation = new List<(string, List<string>)>();
        foreach (var message in messages.EnumerateArray())
        {
            if (Text(message, "role") is { } role and not "system")
            {
                var content = message.GetProperty("content");
                conversation.Add((role, content.ValueKind == JsonValueKind.String ? [content.GetString()!] : [.. content.EnumerateArray().Select(static block => Text(block, "text") ?? "")]));
            }
        }

        return conversation;
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
