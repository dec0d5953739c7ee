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

    /// <summary>The names in a sentence.</summary>
    public static string Words { get; } = $"{string.Join(", ", All.SkipLast(1))} or {All[^1]}";

    /// <summary>The level of a name, in any case and order of its parts; null where there is none.</summary>
    public static CacheLevel? Parse(ReadOnlySpan<char> name)
    {
        name = name.Trim();
        foreach (var (known, level) in Levels)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return level;
            }
        }

        return name.Equals("window+relocate", StringComparison.OrdinalIgnoreCase) ? CacheLevel.RelocateWindow : null;
    }

    /// <summary>The name of a level.</summary>
    public static string NameOf(CacheLevel level) => Array.Find(Levels, entry => entry.Level == level).Name;
}
