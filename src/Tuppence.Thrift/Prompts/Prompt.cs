using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Prompts;

/// <summary>A request as the prompt cache sees it: its blocks in the order in which they are rendered, each with the hash of all up to it.</summary>
/// <remarks>
/// Two prompts share a cached prefix exactly where their <see cref="PromptBlock.Prefix"/> is equal. What stands outside the blocks and
/// is rendered all the same (model, thinking, effort, tool choice, presence of images) is part of the hashes from where it counts.
/// Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching, "What invalidates the cache" (2026-08-21).
/// The object is made to be read into again and again; it keeps its arrays.
/// </remarks>
public sealed class Prompt
{
    internal GrowingList<PromptBlock> BlockList;
    internal GrowingList<Breakpoint> BreakpointList;

    /// <summary>The body that was read.</summary>
    public MessageBody Body { get; } = new();

    /// <summary>The blocks: tools, system, messages.</summary>
    public ReadOnlySpan<PromptBlock> Blocks => BlockList.Span;

    /// <summary>The breakpoints that the client set on blocks, in their order.</summary>
    public ReadOnlySpan<Breakpoint> Breakpoints => BreakpointList.Span;

    /// <summary>The time to live of automatic caching (a <c>cache_control</c> at the top level), or null.</summary>
    public Ttl? Automatic { get; internal set; }

    /// <summary>The model that the request names, or empty.</summary>
    public string Model { get; internal set; } = "";

    /// <summary>All tokens of the prompt.</summary>
    public int Tokens => BlockList.Count == 0 ? 0 : BlockList[BlockList.Count - 1].EndTokens;

    /// <summary>Whether the tokens are exact rather than estimated.</summary>
    public bool IsExact { get; internal set; }

    /// <summary>Hash of the model alone: where every prefix begins.</summary>
    public UInt128 Root { get; internal set; }

    /// <summary>What makes the messages differ though they say the same; see <see cref="PromptReader"/>.</summary>
    public UInt128 Settings { get; internal set; }
}
