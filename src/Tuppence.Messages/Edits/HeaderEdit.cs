namespace Tuppence.Messages.Edits;

/// <summary>A header that a preset brings.</summary>
/// <param name="Name">Name, in lower case.</param>
/// <param name="Value">Value, printable ASCII.</param>
/// <param name="Kind">How it meets what the client sent.</param>
public sealed record HeaderEdit(string Name, string Value, HeaderEditKind Kind);
