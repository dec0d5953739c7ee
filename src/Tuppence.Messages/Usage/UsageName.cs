using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tuppence.Messages.Usage;

/// <summary>The name of a member, put together from the pieces that it comes in. A mutable struct: keep it in one place.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct UsageName
{
    private const int Longest = 32;

    private Buffer bytes;
    private int length;

    /// <summary>Begins another name.</summary>
    public void Clear() => length = 0;

    /// <summary>Makes it a name that means nothing: one with escapes, say.</summary>
    public void Spoil() => length = Longest + 1;

    /// <summary>Takes the next piece.</summary>
    public void Add(ReadOnlySpan<byte> part)
    {
        if (length + part.Length <= Longest)
        {
            part.CopyTo(((Span<byte>)bytes)[length..]);
        }

        length = Math.Min(Longest + 1, length + part.Length);
    }

    /// <summary>What the name means where it stands.</summary>
    /// <param name="parent">The object that it stands in.</param>
    /// <param name="depth">How deep that is, from 1.</param>
    public readonly UsageMember MeaningIn(UsageMember parent, int depth)
    {
        if (length > Longest)
        {
            return UsageMember.Other;
        }

        var text = ((ReadOnlySpan<byte>)bytes)[..length];
        return parent switch
        {
            UsageMember.Usage or UsageMember.Iteration => text switch
            {
                _ when text.SequenceEqual("input_tokens"u8) => UsageMember.Input,
                _ when text.SequenceEqual("cache_read_input_tokens"u8) => UsageMember.Read,
                _ when text.SequenceEqual("cache_creation_input_tokens"u8) => UsageMember.Write,
                _ when text.SequenceEqual("output_tokens"u8) => UsageMember.Output,
                _ when text.SequenceEqual("cache_creation"u8) => UsageMember.Creation,
                _ when text.SequenceEqual("iterations"u8) => UsageMember.Iterations,
                _ when text.SequenceEqual("output_tokens_details"u8) => UsageMember.Details,
                _ when parent == UsageMember.Iteration => UsageMember.Other,
                _ when text.SequenceEqual("server_tool_use"u8) => UsageMember.ServerTools,
                _ when text.SequenceEqual("service_tier"u8) => UsageMember.Tier,
                _ when text.SequenceEqual("inference_geo"u8) => UsageMember.Geo,
                _ when text.SequenceEqual("speed"u8) => UsageMember.Speed,
                _ => UsageMember.Other,
            },
            UsageMember.Details => text.SequenceEqual("thinking_tokens"u8) ? UsageMember.Thinking : UsageMember.Other,
            UsageMember.ServerTools => text.SequenceEqual("web_search_requests"u8) ? UsageMember.Searches
                : text.SequenceEqual("web_fetch_requests"u8) ? UsageMember.Fetches
                : UsageMember.Other,
            UsageMember.Delta => text.SequenceEqual("stop_reason"u8) ? UsageMember.StopReason : UsageMember.Other,
            UsageMember.Result => text.SequenceEqual("message"u8) ? UsageMember.Message : UsageMember.Other,
            UsageMember.Error => text.SequenceEqual("type"u8) ? UsageMember.ErrorType : UsageMember.Other,
            UsageMember.Creation => text.SequenceEqual("ephemeral_1h_input_tokens"u8) ? UsageMember.Write1h : UsageMember.Other,
            UsageMember.Message => OfMessage(text),
            _ when depth == 1 => text switch
            {
                _ when text.SequenceEqual("message"u8) => UsageMember.Message,
                _ when text.SequenceEqual("delta"u8) => UsageMember.Delta,
                _ when text.SequenceEqual("error"u8) => UsageMember.Error,
                _ when text.SequenceEqual("result"u8) => UsageMember.Result,
                _ when text.SequenceEqual("custom_id"u8) => UsageMember.CustomId,
                _ => OfMessage(text),
            },
            _ => UsageMember.Other,
        };
    }

    private static UsageMember OfMessage(ReadOnlySpan<byte> text) => text switch
    {
        _ when text.SequenceEqual("usage"u8) => UsageMember.Usage,
        _ when text.SequenceEqual("model"u8) => UsageMember.Model,
        _ when text.SequenceEqual("id"u8) => UsageMember.Id,
        _ when text.SequenceEqual("stop_reason"u8) => UsageMember.StopReason,
        _ => UsageMember.Other,
    };

    [InlineArray(Longest)]
    private struct Buffer
    {
        private byte first;
    }
}
