using System.Buffers;
using Tuppence.Messages.Requests;
using Tuppence.Upstreams.ClaudeCode.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Tools;

/// <summary>
/// Answers what the program asks its host while it works. Calls of tools are left open: the client makes them, and sends their results with its next
/// request; the program is stopped before.
/// </summary>
internal sealed class ToolBridge(MessageBody body)
{
    /// <summary>The line that answers a <c>control_request</c>; empty where none is to be given.</summary>
    /// <param name="id">Its <c>request_id</c>, as written.</param>
    /// <param name="request">Its <c>request</c>.</param>
    public ReadOnlyMemory<byte> Answer(ReadOnlySpan<byte> id, ReadOnlySpan<byte> request)
    {
        if (id.IsEmpty)
        {
            return default;
        }

        if (!JsonText.TryMember(request, "subtype"u8, out var subtype) || !JsonText.Means(subtype, "mcp_message"u8))
        {
            return JsonText.Means(subtype, "can_use_tool"u8) ? default : Refusal(id);
        }

        if (!JsonText.TryMember(request, "message"u8, out var message) || !JsonText.TryMember(message, "method"u8, out var method) || JsonText.Means(method, "tools/call"u8))
        {
            return default;
        }

        var output = new ArrayBufferWriter<byte>(1024);
        var line = new LineWriter(output);
        line.Own("{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\",\"request_id\":"u8);
        line.Value(id);
        line.Own(",\"response\":{\"mcp_response\":{\"jsonrpc\":\"2.0\",\"id\":"u8);
        line.Value(JsonText.TryMember(message, "id"u8, out var number) ? number : "0"u8);
        line.Own(",\"result\":"u8);
        if (JsonText.Means(method, "initialize"u8))
        {
            line.Own(ToolList.Greeting);
        }
        else if (JsonText.Means(method, "tools/list"u8))
        {
            ToolList.Write(body, line);
        }
        else
        {
            line.Own("{}"u8);
        }

        line.Own("}}}}\n"u8);
        return output.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> Refusal(ReadOnlySpan<byte> id)
    {
        var output = new ArrayBufferWriter<byte>(256);
        var line = new LineWriter(output);
        line.Own("{\"type\":\"control_response\",\"response\":{\"subtype\":\"error\",\"request_id\":"u8);
        line.Value(id);
        line.Own(",\"error\":\"not supported\"}}\n"u8);
        return output.WrittenMemory;
    }
}
