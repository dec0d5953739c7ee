namespace Tuppence.Configuration.Layers;

/// <summary>A value for a key, from any layer.</summary>
/// <param name="Key">Full key path, such as <c>upstreams.anthropic.api_key</c>.</param>
/// <param name="Named">Where the key stands.</param>
/// <param name="Value">The value.</param>
internal readonly record struct Assignment(string Key, ConfigOrigin Named, ConfigNode Value);
