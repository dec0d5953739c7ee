using Tuppence.Upstreams.Credentials;

namespace Tuppence.Configuration;

/// <summary>A rule that sends requests to upstreams. All conditions that it gives must hold; a rule without one holds for every request.</summary>
public sealed record RouteConfig
{
    /// <summary>Models, after the preset and the general aliases; <c>*</c> stands for any run of characters. Empty: any, or none.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Names of presets; <c>*</c> as in <see cref="Models"/>. Empty: with a preset or without.</summary>
    public IReadOnlyList<string> Presets { get; init; } = [];

    /// <summary>Gateway keys, one of which the request carries. Empty: whoever asks.</summary>
    public IReadOnlyList<Secret> Keys { get; init; } = [];

    /// <summary>Names of upstreams in the order in which they are tried; at least one.</summary>
    public IReadOnlyList<string> Upstreams { get; init; } = [];

    /// <summary>Whether both say the same.</summary>
    public bool Equals(RouteConfig? other) =>
        other is not null && Models.SequenceEqual(other.Models, StringComparer.Ordinal) && Presets.SequenceEqual(other.Presets, StringComparer.Ordinal)
        && Keys.SequenceEqual(other.Keys) && Upstreams.SequenceEqual(other.Upstreams, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Models.Count, Presets.Count, Keys.Count, string.Join(',', Upstreams));
}
