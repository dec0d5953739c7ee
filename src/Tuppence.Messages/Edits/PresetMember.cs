namespace Tuppence.Messages.Edits;

/// <summary>A top-level member that a preset gives.</summary>
internal sealed record PresetMember(string Name, ReadOnlyMemory<byte> NameBytes, Snippet Value, bool Overrides);
