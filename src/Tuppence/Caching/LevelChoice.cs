using System.Diagnostics.CodeAnalysis;
using Tuppence.Configuration;
using Tuppence.Exchange;
using Tuppence.Messages.Edits;
using Tuppence.Thrift;

namespace Tuppence.Caching;

/// <summary>
/// Chooses what may be done to a request. The first that says something decides: the header <c>x-tuppence-cache</c>, the preset's
/// <c>cache</c>, the upstream's, <c>cache.level</c>; else the level is <c>markers</c>. An upstream without markers has none, whatever is said.
/// </summary>
internal static class LevelChoice
{
    /// <summary>The header with which a request chooses for itself. It ends here.</summary>
    public const string Header = "x-tuppence-cache";

    /// <summary>Reads the header; <paramref name="asked"/> is null where there is none.</summary>
    public static bool TryRead(IHeaderDictionary headers, out CacheLevel? asked, [NotNullWhen(false)] out GatewayError? error)
    {
        (asked, error) = (null, null);
        if (!headers.TryGetValue(Header, out var lines))
        {
            return true;
        }

        if (lines is [{ } word] && LevelNames.Parse(word) is { } level)
        {
            asked = level;
            return true;
        }

        var shown = lines.ToString();
        error = new GatewayError(
            ErrorKind.UnknownCacheLevel,
            $"“{(shown.Length > 64 ? shown[..64] + "…" : shown)}” is no level of prompt caching. {Header} takes one of {LevelNames.Words}; without the header the configuration decides.");
        return false;
    }

    /// <summary>The level in force for a request, and whether the client's own breakpoints lower it to <c>respect</c>.</summary>
    /// <param name="asked">What the request's header says, or null.</param>
    /// <param name="preset">Its preset, or null.</param>
    /// <param name="upstream">Where it goes.</param>
    /// <param name="config">The configuration.</param>
    public static (CacheLevel Level, bool Yields) Of(CacheLevel? asked, Preset? preset, Upstream upstream, CacheConfig config)
    {
        if (upstream.Caching.HasNoMarkers)
        {
            return (CacheLevel.Off, false);
        }

        if (asked is { } named)
        {
            return (named, false);
        }

        var ofPreset = preset?.Cache is { } word ? LevelNames.Parse(word) : null;
        var chosen = ofPreset ?? upstream.Caching.Level ?? config.Level;
        var level = chosen ?? CacheLevel.Markers;
        var respects = config.ClientBreakpoints switch
        {
            ClientBreakpoints.Respect => true,
            ClientBreakpoints.Replace => false,
            _ => chosen is null,
        };
        return (level, respects && level > CacheLevel.Respect);
    }
}
