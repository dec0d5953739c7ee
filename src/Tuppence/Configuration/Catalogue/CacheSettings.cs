using Tuppence.Configuration.Rules;
using Tuppence.Thrift;

namespace Tuppence.Configuration.Catalogue;

/// <summary>The options of the group <c>cache</c>, and the one inside an upstream.</summary>
internal static class CacheSettings
{
    private const string Levels =
        "off; respect: the client's own breakpoints stand; markers: only cache_control is added, moved and removed; split: blocks are cut where their beginning is stable; relocate: text that keeps changing is carried behind the history; window: what the front end dropped stays for a while; relocate+window: both.";

    /// <summary>All of the group, in the order of the manual.</summary>
    public static IReadOnlyList<Setting<GatewayConfig>> All { get; } =
    [
        new Setting<GatewayConfig, CacheLevel?>("cache.level", Level(("auto", null)), c => c.Cache.Level, (c, v) => c with { Cache = c.Cache with { Level = v } })
        {
            Summary = "What may be done to requests so that more of them is read from the prompt cache. auto: markers, and respect where the client set breakpoints of its own. " + Levels,
            Flag = "--cache", FlagValue = "LEVEL",
        },
        new Setting<GatewayConfig, ClientBreakpoints>("cache.client_breakpoints", OwnBreakpoints, c => c.Cache.ClientBreakpoints, (c, v) => c with { Cache = c.Cache with { ClientBreakpoints = v } })
        {
            Summary = "What becomes of breakpoints that a client set itself: respect leaves them, replace puts Tuppence's in their place, auto replaces them where a level was chosen and leaves them where none was.",
        },
        new Setting<GatewayConfig, long>("cache.keep_alive_dollars_per_day", new DollarFormat(1000), c => c.Cache.KeepAlivePerDay, (c, v) => c with { Cache = c.Cache with { KeepAlivePerDay = v } })
        {
            Summary = "Most that may be spent in a day (UTC) on pings that keep long conversations in the cache while that probably pays; 0: none are sent. With the upstream's own key or sign-in only, never with a client's.",
        },
        new Setting<GatewayConfig, bool>("cache.single_flight", new BooleanFormat(), c => c.Cache.SingleFlight, (c, v) => c with { Cache = c.Cache with { SingleFlight = v } })
        {
            Summary = "Whether a request waits while another of the same beginning is being answered for the first time, so that it can read what that one writes.",
        },
        new Setting<GatewayConfig, int>("cache.remembered_turns", new IntegerFormat(0, 1000), c => c.Cache.RememberedTurns, (c, v) => c with { Cache = c.Cache with { RememberedTurns = v } })
        {
            Summary = "Turns of each conversation of which tuppence explain can tell what they cost and why. To show what changed, up to 8 MB of the requests' text stay in memory. 0: nothing is remembered.",
            NeedsRestart = true,
        },
        new Setting<GatewayConfig, bool>("cache.remember", new BooleanFormat(), c => c.Cache.Remember, (c, v) => c with { Cache = c.Cache with { Remember = v } })
        {
            Summary = "Whether what was learned of conversations is kept over a restart, in cache-memory.bin in state_directory: hashes and numbers, no text, and nothing about requests that brought a key of their own.",
            NeedsRestart = true,
        },
        new Setting<GatewayConfig, int>("cache.low_water_percent", new IntegerFormat(25, 100), c => c.Cache.LowWaterPercent, (c, v) => c with { Cache = c.Cache with { LowWaterPercent = v } })
        {
            Summary = "At the levels with window: what is left of the front end's window when the kept one is full, in percent of what the front end sends. Below 100, its oldest messages are left out in one piece, although it still sends them.",
            NeedsRestart = true,
        },
        new Setting<GatewayConfig, int>("cache.clock_step_minutes", new IntegerFormat(0, 60), c => c.Cache.ClockStepMinutes, (c, v) => c with { Cache = c.Cache with { ClockStepMinutes = v } })
        {
            Summary = "At the levels with relocate: a clock that is carried behind the history is rounded down to this many minutes, so that it changes seldom. Only a text whose time goes on as the real one does. 0: clocks stay as they are.",
            NeedsRestart = true,
        },
        new Setting<GatewayConfig, string?>("cache.record", new TextFormat("a file", NameRules.NotEmpty), c => c.Cache.Record, (c, v) => c with { Cache = c.Cache with { Record = v } })
        {
            Summary = "File to which a trace of all planned requests is added: salted hashes, token counts, times and usage, no content.",
            Flag = "--record", FlagValue = "FILE", Example = "\"trace.jsonl\"",
        },
        new Setting<GatewayConfig, bool>("cache.record_bodies", new BooleanFormat(), c => c.Cache.RecordBodies, (c, v) => c with { Cache = c.Cache with { RecordBodies = v } })
        {
            Summary = "Whether the trace also holds the requests themselves. They are private text: for your own use only.",
        },
    ];

    /// <summary>The level of one upstream.</summary>
    public static Setting<UpstreamConfig> OfUpstream => new Setting<UpstreamConfig, CacheLevel?>("cache", Level(), c => c.Cache, (c, v) => c with { Cache = v })
    {
        Summary = "Overrides the general cache.level for this upstream.",
        Example = "\"markers\"",
    };

    private static ChoiceFormat<ClientBreakpoints> OwnBreakpoints =>
        new(("auto", ClientBreakpoints.Auto), ("respect", ClientBreakpoints.Respect), ("replace", ClientBreakpoints.Replace));

    private static ChoiceFormat<CacheLevel?> Level(params (string, CacheLevel?)[] first) =>
        new([.. first, .. LevelNames.All.Select(static name => (name, LevelNames.Parse(name)))])
        {
            Synonyms = [("false", CacheLevel.Off), ("window+relocate", CacheLevel.RelocateWindow)],
        };
}
