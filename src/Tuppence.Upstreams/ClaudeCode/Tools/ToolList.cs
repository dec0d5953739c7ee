using Tuppence.Messages.Requests;
using Tuppence.Upstreams.ClaudeCode.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Tools;

/// <summary>
/// The client's tools as an MCP server tells of them. The server is Tuppence's end of the program's input and output; its answer to the handshake goes along
/// with the system prompt, so that nothing has to be asked.
/// </summary>
/// <remarks>Sources: https://modelcontextprotocol.io/specification/2025-11-25/server/tools; the program's <c>initialize</c> request (2.1.330).</remarks>
internal static class ToolList
{
    /// <summary>Our answer to <c>initialize</c>.</summary>
    public static ReadOnlySpan<byte> Greeting =>
        "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"gw\",\"version\":\"1\"}}"u8;

    /// <summary>Writes our answer to <c>tools/list</c>.</summary>
    public static void Write(MessageBody body, LineWriter line)
    {
        var bytes = body.Bytes.Span;
        line.Own("{\"tools\":["u8);
        var first = true;
        foreach (ref readonly var block in body.Tools)
        {
            if (!ToolParts.TryRead(block.Range.Of(bytes), out var tool) || tool.Name.IsEmpty || tool.Schema.IsEmpty)
            {
                continue;
            }

            line.Own(first ? "{\"name\":"u8 : ",{\"name\":"u8);
            line.Value(tool.Name);
            if (!tool.Description.IsEmpty)
            {
                line.Own(",\"description\":"u8);
                line.Value(tool.Description);
            }

            line.Own(",\"inputSchema\":"u8);
            line.Value(tool.Schema);
            line.Own("}"u8);
            first = false;
        }

        line.Own("]}"u8);
    }
}
