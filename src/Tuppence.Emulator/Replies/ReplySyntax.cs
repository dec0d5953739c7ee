using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tuppence.Emulator.Http;
using Tuppence.Emulator.Requests;

namespace Tuppence.Emulator.Replies;

/// <summary>Reads an exact reply: <c>{"text":"Hi"}</c>, or <c>{"content":[blocks],"stop_reason":"…"}</c> with blocks as the API writes them; <c>server_tool_use</c> as in <c>usage</c>.</summary>
/// <remarks>A thinking block without a <c>signature</c> gets one, a tool_use without an <c>id</c> too. Limits of the request do not cut it.</remarks>
internal static class ReplySyntax
{
    private static readonly string[] StopReasons =
        ["end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal", "model_context_window_exceeded"];

    /// <summary>The reply, or what is wrong with it.</summary>
    public static (Reply? Reply, string? Error) Read(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            return (new([new TextReply(json.GetString()!)], "end_turn"), null);
        }

        var blocks = new List<ReplyBlock>();
        if (json.Text("text"u8) is { } plain)
        {
            blocks.Add(new TextReply(plain));
        }
        else if (json.Member("content"u8) is { ValueKind: JsonValueKind.Array } content)
        {
            foreach (var entry in content.EnumerateArray())
            {
                var (block, error) = Block(entry, blocks.Count);
                if (block is null)
                {
                    return (null, $"content.{blocks.Count}: {error}");
                }

                blocks.Add(block);
            }
        }
        else if (json.Member("stop_reason"u8) is null)
        {
            return (null, "A reply is a string, an object with \"text\", or one with \"content\" (a list of blocks) and perhaps \"stop_reason\".");
        }

        var reason = json.Text("stop_reason"u8) ?? (blocks is [.., ToolUseReply] ? "tool_use" : "end_turn");
        return StopReasons.Contains(reason)
            ? (new(blocks, reason, json.Text("stop_sequence"u8))
            {
                WebSearches = json.Member("server_tool_use"u8)?.Member("web_search_requests"u8)?.Whole() ?? 0,
                WebFetches = json.Member("server_tool_use"u8)?.Member("web_fetch_requests"u8)?.Whole() ?? 0,
            }, null)
            : (null, $"stop_reason must be one of {string.Join(", ", StopReasons)}.");
    }

    private static (ReplyBlock? Block, string? Error) Block(JsonElement json, int index)
    {
        var seed = SHA256.HashData(Encoding.UTF8.GetBytes($"{index}{json.GetRawText()}"));
        return json.Text("type"u8) switch
        {
            "text" when json.Text("text"u8) is { } text => (new TextReply(text), null),
            "text" => (null, "a text block needs \"text\"."),
            "thinking" => (new ThinkingReply(json.Text("thinking"u8) ?? "", json.Text("signature"u8) ?? Composer.Signature(seed), WithText: true), null),
            "redacted_thinking" => (new RedactedReply(json.Text("data"u8) ?? Composer.Signature(seed)), null),
            "tool_use" when json.Text("name"u8) is { } name && json.Member("input"u8) is (null or { ValueKind: JsonValueKind.Object }) =>
                (new ToolUseReply(json.Text("id"u8) ?? ResponseHead.Id("toolu_", Convert.ToHexString(seed)), name, json.Member("input"u8)?.GetRawText() ?? "{}"), null),
            "tool_use" => (null, "a tool_use block needs \"name\", and \"input\" is an object."),
            _ => (null, "type must be one of text, thinking, redacted_thinking, tool_use."),
        };
    }
}
