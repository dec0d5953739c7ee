using System.Runtime.InteropServices;
using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Prompts;

/// <summary>A block of a prompt.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PromptBlock
{
    /// <summary>Hash of what it says, with its role and kind, and whether a message begins with it; without its <c>cache_control</c>.</summary>
    public required UInt128 Hash { get; init; }

    /// <summary>Hash of the prompt up to and including this block: what a cache entry is kept under.</summary>
    public required UInt128 Prefix { get; init; }

    /// <summary>Its tokens, the share of its message's border included.</summary>
    public required int Tokens { get; init; }

    /// <summary>Tokens of the prompt up to and including this block.</summary>
    public required int EndTokens { get; init; }

    /// <summary>What it is.</summary>
    public required BlockKind Kind { get; init; }

    /// <summary>The part of the prompt that it stands in.</summary>
    public required PromptSection Section { get; init; }

    /// <summary>Index of its message, or -1 in tools and system.</summary>
    public required int Message { get; init; }

    /// <summary>Role of its message; <see cref="MessageRole.System"/> in tools and system.</summary>
    public required MessageRole Role { get; init; }

    /// <summary>
    /// Position for the look-back: a run of tool calls, or of tool results, in one message counts as one.
    /// Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching (September 2026).
    /// </summary>
    public required int Position { get; init; }

    /// <summary>The whole element, or the string where <c>system</c> or a message's content is one.</summary>
    public required ByteRange Range { get; init; }

    /// <summary>Its text with quotes; empty where it has none.</summary>
    public required ByteRange Text { get; init; }

    /// <summary>The value of its <c>cache_control</c>; empty where it has none.</summary>
    public required ByteRange CacheControl { get; init; }

    /// <summary>Whether <see cref="Range"/> is a plain string, which has to become an array before it can carry a breakpoint.</summary>
    public required bool IsString { get; init; }

    /// <summary>Whether it may carry a breakpoint: not thinking, and not empty text.</summary>
    public required bool IsMarkable { get; init; }
}
