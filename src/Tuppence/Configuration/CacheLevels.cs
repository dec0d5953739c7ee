using Tuppence.Thrift;

namespace Tuppence.Configuration;

/// <summary>The words for <see cref="CacheLevel"/>.</summary>
public static class CacheLevels
{
    /// <summary>All levels, from the one that does least.</summary>
    public static IReadOnlyList<(string Name, CacheLevel Level)> All { get; } =
    [
        ("off", CacheLevel.Off),
        ("respect", CacheLevel.Respect),
        ("markers", CacheLevel.Markers),
        ("split", CacheLevel.Split),
        ("relocate", CacheLevel.Relocate),
        ("window", CacheLevel.Window),
        ("relocate+window", CacheLevel.RelocateWindow),
    ];

    /// <summary>The words in a sentence.</summary>
    public static string Words { get; } = string.Join(", ", All.SkipLast(1).Select(static level => level.Name)) + " or " + All[^1].Name;

    /// <summary>The level's word.</summary>
    public static string NameOf(CacheLevel level) => All.First(one => one.Level == level).Name;

    /// <summary>Reads a word, in any case and order of its parts.</summary>
    public static bool TryParse(ReadOnlySpan<char> word, out CacheLevel level)
    {
        word = word.Trim();
        foreach (var (name, known) in All)
        {
            if (word.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                level = known;
                return true;
            }
        }

        level = CacheLevel.RelocateWindow;
        return word.Equals("window+relocate", StringComparison.OrdinalIgnoreCase);
    }
}
