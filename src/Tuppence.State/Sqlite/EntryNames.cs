namespace Tuppence.State.Sqlite;

/// <summary>Numbers that stand for words of a row: those that are needed elsewhere too, and who knows the others.</summary>
internal sealed record EntryNames(long? Preset, long? Key, long? Client, long? Upstream, long? Model, Func<string?, long?> Of);
