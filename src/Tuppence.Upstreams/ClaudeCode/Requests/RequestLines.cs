using System.Buffers;
using System.Globalization;
using System.Text;
using Tuppence.Messages.Requests;
using Tuppence.Upstreams.ClaudeCode.Tools;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>The lines that tell the program a request, each written when it is wanted. Texts keep the client's bytes.</summary>
/// <remarks>
/// The lines in their order: settings, thinking where there is something to say of it, system prompt, then the turns. Behind a user's turn that is not
/// the last, the program's acknowledgement has to be waited for, or the order is lost.
/// Source: the program's documented lines (https://code.claude.com/docs/en/headless), and what 2.1.330 takes.
/// </remarks>
internal sealed class RequestLines(ClaudeRequest request)
{
    private static readonly string[] ExtraMembers = ["temperature", "top_p", "top_k", "stop_sequences", "tool_choice"];

    private readonly int head = request.Thinking.Tokens is null ? 2 : 3;

    /// <summary>Number of lines.</summary>
    public int Count => head + request.Turns.Count;

    /// <summary>Whether the program acknowledges a line, and the next may only be written then.</summary>
    public bool IsAcknowledged(int index) => index >= head && index < Count - 1 && !request.Turns[index - head].IsAssistant;

    /// <summary>The index behind the lines that may be written in one go from <paramref name="from"/> on: up to the next one that is acknowledged.</summary>
    public int Until(int from)
    {
        while (from < Count && !IsAcknowledged(from++))
        {
        }

        return from;
    }

    /// <summary>Writes a line with its line feed.</summary>
    public void Write(int index, IBufferWriter<byte> output)
    {
        var line = new LineWriter(output);
        if (index == 0)
        {
            Settings(line);
        }
        else if (index < head - 1)
        {
            line.Own("{\"type\":\"control_request\",\"request_id\":\"thinking\",\"request\":{\"subtype\":\"set_max_thinking_tokens\",\"max_thinking_tokens\":"u8);
            line.Own(JsonText.Number(request.Thinking.Tokens!.Value));
            line.Own("}}"u8);
        }
        else if (index < head)
        {
            System(line);
        }
        else if (request.Turns[index - head] is { IsAssistant: true } spoken)
        {
            Assistant(line, spoken);
        }
        else
        {
            User(line, request.Turns[index - head], isLast: index == Count - 1);
        }

        line.Own("\n"u8);
    }

    private void Settings(LineWriter line)
    {
        line.Own("{\"type\":\"control_request\",\"request_id\":\"settings\",\"request\":{\"subtype\":\"apply_flag_settings\",\"settings\":{\"model\":"u8);
        line.Value(Member("model"u8));
        if (Member("output_config"u8) is { IsEmpty: false } config && JsonText.TryMember(config, "effort"u8, out var effort) && effort[0] == '"')
        {
            line.Own(",\"effortLevel\":"u8);
            line.Value(effort);
        }
        else if (request.DefaultEffort is { } level)
        {
            line.Own(",\"effortLevel\":"u8);
            line.Own(JsonText.Quote(level));
        }

        line.Own(",\"env\":{"u8);
        var comma = false;
        if (JsonText.TryInteger(Member("max_tokens"u8), out var maxTokens))
        {
            line.Own("\"CLAUDE_CODE_MAX_OUTPUT_TOKENS\":\""u8);
            line.Own(JsonText.Number(maxTokens));
            line.Own("\""u8);
            comma = true;
        }

        Extra(line, comma);
        line.Own("}}}}"u8);
    }

    /// <summary>The members that the program puts into the request as they are: these five and no other.</summary>
    private void Extra(LineWriter line, bool comma)
    {
        var any = false;
        foreach (var name in ExtraMembers)
        {
            var value = Member(Encoding.ASCII.GetBytes(name));
            if (value.IsEmpty)
            {
                continue;
            }

            line.Own(any ? ",\\\""u8 : comma ? ",\"CLAUDE_CODE_EXTRA_BODY\":\"{\\\""u8 : "\"CLAUDE_CODE_EXTRA_BODY\":\"{\\\""u8);
            line.Own(Encoding.ASCII.GetBytes(name));
            line.Own("\\\":"u8);
            line.Nested(value);
            any = true;
        }

        line.Own(any ? "}\""u8 : default);
    }

    private void System(LineWriter line)
    {
        var bytes = request.Body.Bytes.Span;
        line.Own("{\"type\":\"control_request\",\"request_id\":\"system\",\"request\":{\"subtype\":\"initialize\",\"systemPrompt\":["u8);
        var system = Member("system"u8);
        if (!system.IsEmpty && system[0] == '"' && !JsonText.IsBlank(system))
        {
            line.Value(system);
        }

        var first = true;
        foreach (ref readonly var block in request.Body.SystemBlocks)
        {
            line.Own(first ? default : ","u8);
            line.Value(block.Text.Of(bytes));
            first = false;
        }

        line.Own("]"u8);
        if (request.HasTools)
        {
            line.Own(",\"sdkMcpServers\":[\"gw\"],\"sdkMcpServerManifests\":{\"gw\":{\"initializeResult\":"u8);
            line.Own(ToolList.Greeting);
            line.Own(",\"toolsListResult\":"u8);
            ToolList.Write(request.Body, line);
            line.Own("}}"u8);
        }

        line.Own("}}"u8);
    }

    private void Assistant(LineWriter line, Turn turn)
    {
        // Without the model's own name, and an id, the program drops signed thinking.
        line.Own("{\"type\":\"assistant\",\"message\":{\"id\":\"msg_history_"u8);
        line.Own(JsonText.Number(turn.First));
        line.Own("\",\"type\":\"message\",\"role\":\"assistant\",\"model\":"u8);
        line.Value(Member("model"u8));
        line.Own(",\"content\":"u8);
        Content(line, turn, asBlocks: true);
        line.Own(",\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":1,\"output_tokens\":1}},\"parent_tool_use_id\":null,\"session_id\":\"\"}"u8);
    }

    private void User(LineWriter line, Turn turn, bool isLast)
    {
        line.Own("{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":"u8);
        Content(line, turn, asBlocks: turn.Count > 1);
        line.Own("},\"parent_tool_use_id\":null,\"session_id\":\"\",\"client_composed\":true"u8);
        if (!isLast)
        {
            line.Own(",\"shouldQuery\":false,\"uuid\":\"00000000-0000-4000-8000-"u8);
            line.Own(Encoding.ASCII.GetBytes(turn.First.ToString("x12", CultureInfo.InvariantCulture)));
            line.Own("\""u8);
        }

        line.Own("}"u8);
    }

    private void Content(LineWriter line, Turn turn, bool asBlocks)
    {
        var bytes = request.Body.Bytes.Span;
        var messages = request.Body.Messages.Slice(turn.First, turn.Count);
        if (!asBlocks)
        {
            line.Value(messages[0].Content.Of(bytes));
            return;
        }

        line.Own("["u8);
        var first = true;
        foreach (ref readonly var message in messages)
        {
            var content = message.Content.Of(bytes);
            if (content[0] == '"')
            {
                line.Own(first ? "{\"type\":\"text\",\"text\":"u8 : ",{\"type\":\"text\",\"text\":"u8);
                line.Value(content);
                line.Own("}"u8);
                first = false;
            }

            foreach (ref readonly var block in request.Body.BlocksOf(message))
            {
                line.Own(first ? default : ","u8);
                line.Value(block.Range.Of(bytes));
                first = false;
            }
        }

        line.Own("]"u8);
    }

    private ReadOnlySpan<byte> Member(ReadOnlySpan<byte> name)
    {
        var bytes = request.Body.Bytes.Span;
        return request.Body.TryFind(name, out var member) && bytes[member.Value.Start] != 'n' ? member.Value.Of(bytes) : default;
    }
}
