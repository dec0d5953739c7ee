using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tuppence.Emulator.Caching;

namespace Tuppence.Emulator.Replies;

/// <summary>Writes a reply as one JSON message.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/api/messages (2026-08-22) and the response types of the official SDKs of 2026-11-20.</remarks>
internal static class MessageJson
{
    /// <summary>JSON for clients, never for HTML: letters stay as they are.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body of a reply that is not streamed.</summary>
    public static ReadOnlyMemory<byte> Write(string id, string model, Reply reply, CacheUsage input, in UsageTerms terms)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(json, id, model, reply, input, terms);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The message as an object.</summary>
    public static void Write(Utf8JsonWriter json, string id, string model, Reply reply, CacheUsage input, in UsageTerms terms)
    {
        json.WriteStartObject();
        Head(json, id, model);
        json.WritePropertyName("content"u8);
        Blocks(json, reply.Blocks);
        Stop(json, reply);
        json.WriteNull("diagnostics"u8);
        Usage.Write(json, input, reply.Tokens, reply.ThinkingTokens, reply, terms);
        json.WriteEndObject();
    }

    /// <summary>The members before <c>content</c>.</summary>
    public static void Head(Utf8JsonWriter json, string id, string model)
    {
        json.WriteString("model"u8, model);
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
    }

    /// <summary>Why the reply stopped; all <c>null</c> while it has not.</summary>
    public static void Stop(Utf8JsonWriter json, Reply? reply)
    {
        json.WriteString("stop_reason"u8, reply?.StopReason);
        json.WriteString("stop_sequence"u8, reply?.StopSequence);
        if (reply?.Explanation is { } explanation)
        {
            json.WriteStartObject("stop_details"u8);
            json.WriteString("type"u8, "refusal"u8);
            json.WriteNull("category"u8);
            json.WriteString("explanation"u8, explanation);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("stop_details"u8);
        }

        json.WriteNull("container"u8);
    }

    /// <summary>The list of blocks.</summary>
    public static void Blocks(Utf8JsonWriter json, IReadOnlyList<ReplyBlock> blocks)
    {
        json.WriteStartArray();
        foreach (var block in blocks)
        {
            Block(json, block);
        }

        json.WriteEndArray();
    }

    /// <summary>One block.</summary>
    public static void Block(Utf8JsonWriter json, ReplyBlock block)
    {
        json.WriteStartObject();
        switch (block)
        {
            case TextReply text:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, text.Text);
                break;
            case ThinkingReply thinking:
                json.WriteString("type"u8, "thinking"u8);
                json.WriteString("thinking"u8, thinking.Shown);
                json.WriteString("signature"u8, thinking.Signature);
                break;
            case RedactedReply redacted:
                json.WriteString("type"u8, "redacted_thinking"u8);
                json.WriteString("data"u8, redacted.Data);
                break;
            case ToolUseReply tool:
                json.WriteString("type"u8, "tool_use"u8);
                json.WriteString("id"u8, tool.Id);
                json.WriteString("name"u8, tool.Name);
                json.WriteStartObject("caller"u8);
                json.WriteString("type"u8, "direct"u8);
                json.WriteEndObject();
                json.WritePropertyName("input"u8);
                json.WriteRawValue(tool.Input);
                break;
        }

        json.WriteEndObject();
    }
}
