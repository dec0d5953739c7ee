namespace Tuppence.Configuration.Layers;

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name, unescaped.</param>
/// <param name="Origin">Where the name stands.</param>
/// <param name="Value">Its value.</param>
internal sealed record ConfigMember(string Name, ConfigOrigin Origin, ConfigNode Value);
