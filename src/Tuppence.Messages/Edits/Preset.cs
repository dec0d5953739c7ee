namespace Tuppence.Messages.Edits;

/// <summary>A preset, read from its file by <see cref="PresetReader"/> and compiled for use.</summary>
/// <remarks>
/// <c>system</c> goes behind what the client sent, <c>suffix</c> behind its last user message (<c>suffixEt</c> in its stead while
/// thinking is on). <c>model</c> replaces the client's. Every other member is a default: it applies where the client sent none,
/// or, where <c>override</c> lists it, always. temperature and top_p count as one choice: a client that made it keeps it.
/// </remarks>
public sealed record Preset
{
    internal Preset(string name) => Name = name;

    /// <summary>Name, as in <c>/v1/NAME/messages</c>.</summary>
    public string Name { get; }

    /// <summary>A sentence for people, or null.</summary>
    public string? Description { get; internal init; }

    /// <summary>Model that requests get, or null.</summary>
    public string? Model { get; internal init; }

    /// <summary>Name of the upstream that requests go to, or null. No part of the request: whoever chooses the upstream reads it.</summary>
    public string? Upstream { get; internal init; }

    /// <summary>Level of prompt caching that requests get, as a word, or null. No part of the request: whoever plans the cache reads it.</summary>
    public string? Cache { get; internal init; }

    /// <summary>Headers that requests get.</summary>
    public IReadOnlyList<HeaderEdit> Headers { get; internal init; } = [];

    /// <summary>Names of the top-level members that the preset gives, <c>model</c> aside.</summary>
    public IEnumerable<string> Defaults => Members.Select(member => member.Name);

    /// <summary>System blocks, without brackets; null: none.</summary>
    internal Snippet? System { get; init; }

    /// <summary>The suffix message with a comma before it; empty: none.</summary>
    internal ReadOnlyMemory<byte> Suffix { get; init; }

    /// <summary>The same for requests that think.</summary>
    internal ReadOnlyMemory<byte> ThinkingSuffix { get; init; }

    internal IReadOnlyList<PresetMember> Members { get; init; } = [];
}
