namespace Tuppence.Thrift;

/// <summary>The levels by their names on command lines, in configurations and in headers.</summary>
public static class LevelNames
{
    private static readonly (string Name, CacheLevel Level)[] Levels =
    [
        ("off", CacheLevel.Off),
        ("respect", CacheLevel.Respect),
        ("markers", CacheLevel.Markers),
        ("split", CacheLevel.Split),
        ("relocate", CacheLevel.Relocate),
        ("window", CacheLevel.Window),
        ("relocate+window", CacheLevel.RelocateWindow),
    ];

    /// <summary>The names, from nothing allowed to most.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Levels.Select(static level => level.Name)];

    /// <summary>The level of a name; null where there is none.</summary>
    public static CacheLevel? Parse(string name) => Array.Find(Levels, level => level.Name == name) is { Name: not null } found ? found.Level : null;

    /// <summary>The name of a level.</summary>
    public static string NameOf(CacheLevel level) => Array.Find(Levels, entry => entry.Level == level).Name;
}
