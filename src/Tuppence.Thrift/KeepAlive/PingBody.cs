using System.Diagnostics.CodeAnalysis;
using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.KeepAlive;

/// <summary>Makes the ping of a request: the same bytes with <c>max_tokens: 0</c> and without streaming. Nothing else changes, so that it reads the very entry.</summary>
/// <remarks>
/// The API takes <c>max_tokens: 0</c> to warm a cache, bills no output for it, and rejects it together with streaming,
/// <c>thinking.type: enabled</c>, structured output and a forced tool. The last three are part of what an entry is kept under, so they
/// cannot be left out either: such a request has no ping.
/// Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching (pre-warming, 2026-04-30).
/// </remarks>
public static class PingBody
{
    private static readonly byte[] Zero = "0"u8.ToArray();
    private static readonly byte[] False = "false"u8.ToArray();
    private static readonly byte[] MaxTokens = "\"max_tokens\":0,"u8.ToArray();

    /// <summary>Makes it. False with the reason where the request has none.</summary>
    /// <param name="sent">The request as it was sent, breakpoints included; UTF-8.</param>
    /// <param name="ping">The ping's body.</param>
    /// <param name="refusal">Why there is none.</param>
    public static bool TryMake(ReadOnlyMemory<byte> sent, [NotNullWhen(true)] out byte[]? ping, out PingRefusal refusal)
    {
        ping = null;
        refusal = PingRefusal.Unreadable;
        if (!MessageBody.TryRead(sent, out var body, out _) || body.Messages.IsEmpty)
        {
            return false;
        }

        var json = sent.Span;
        refusal = Refuse(body, json);
        if (refusal != PingRefusal.None)
        {
            return false;
        }

        var splices = new Splices();
        var hasLimit = false;
        foreach (ref readonly var member in body.Members)
        {
            if (JsonText.Means(member.Name.Of(json), "max_tokens"u8))
            {
                hasLimit = true;
                splices.Replace(member.Value, Zero);
            }
            else if (JsonText.Means(member.Name.Of(json), "stream"u8))
            {
                splices.Replace(member.Value, False);
            }
        }

        if (!hasLimit)
        {
            splices.Insert(body.Root.Start + 1, MaxTokens);
        }

        ping = new byte[splices.OutputLength(json.Length)];
        splices.CopyTo(json, ping);
        return true;
    }

    private static PingRefusal Refuse(MessageBody body, ReadOnlySpan<byte> json)
    {
        if (body.TryFind("thinking"u8, out var thinking) && JsonText.TryMember(thinking.Value.Of(json), "type"u8, out var mode) && JsonText.Means(mode, "enabled"u8))
        {
            return PingRefusal.Thinking;
        }

        if (body.TryFind("tool_choice"u8, out var choice) && JsonText.TryMember(choice.Value.Of(json), "type"u8, out var type)
            && (JsonText.Means(type, "any"u8) || JsonText.Means(type, "tool"u8)))
        {
            return PingRefusal.ForcedTool;
        }

        if (Says(body, json, "output_format"u8)
            || (body.TryFind("output_config"u8, out var output) && JsonText.TryMember(output.Value.Of(json), "format"u8, out var format) && !format.SequenceEqual("null"u8)))
        {
            return PingRefusal.StructuredOutput;
        }

        return HasBreakpoint(body, json) ? PingRefusal.None : PingRefusal.NoBreakpoint;
    }

    private static bool HasBreakpoint(MessageBody body, ReadOnlySpan<byte> json) =>
        Says(body, json, "cache_control"u8) || AnyMarked(body.Tools, json) || AnyMarked(body.SystemBlocks, json) || AnyMarked(body.BlockList.Span, json);

    private static bool AnyMarked(ReadOnlySpan<BodyBlock> blocks, ReadOnlySpan<byte> json)
    {
        foreach (ref readonly var block in blocks)
        {
            if (!block.CacheControl.IsEmpty && json[block.CacheControl.Start] == '{')
            {
                return true;
            }
        }

        return false;
    }

    private static bool Says(MessageBody body, ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) =>
        body.TryFind(name, out var member) && !member.Value.Of(json).SequenceEqual("null"u8);
}
