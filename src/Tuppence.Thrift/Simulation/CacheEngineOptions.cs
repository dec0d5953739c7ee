namespace Tuppence.Thrift.Simulation;

/// <summary>How the simulated cache behaves where the provider's documents are silent. The defaults are the careful readings.</summary>
public sealed record CacheEngineOptions
{
    /// <summary>Whether an entry needs those below it. Default: chained.</summary>
    public EntryModel EntryModel { get; init; } = EntryModel.Chained;

    /// <summary>Which entries a read keeps alive, where each lives by itself. A read of a chained entry keeps all of it alive. Default: the one read and the marked ones.</summary>
    public RefreshRule Refresh { get; init; } = RefreshRule.HitAndMarked;

    /// <summary>Whether a breakpoint of an hour on what lives for five minutes makes it live for an hour, free of charge. Default: no, it is a read.</summary>
    public bool TtlUpgrade { get; init; }

    /// <summary>Time from a request's start until what it writes can be read. Default: 1.5 s.</summary>
    public TimeSpan ReadableAfter { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long an entry lives beyond its time to live. Default: zero.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>Positions that a breakpoint is looked for at, its own included. Default: 20. Range: 1 and more.</summary>
    public int Lookback { get; init; } = 20;

    /// <summary>Whether a run of tool calls, or of tool results, is one position. Default: yes, as on the Claude API.</summary>
    public bool CollapseRuns { get; init; } = true;

    /// <summary>Whether tools and blocks of the system prompt are positions too. Default: yes.</summary>
    public bool CountToolsAndSystem { get; init; } = true;

    /// <summary>
    /// Whether a request with any breakpoint also writes an entry for five minutes at each result of a server tool in it.
    /// Default: yes. Source: https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-use-with-prompt-caching (2026-08-21).
    /// </summary>
    public bool ServerToolEntries { get; init; } = true;

    /// <summary>
    /// Whether another effort makes the messages unreadable, as the documents say; measured otherwise by a user
    /// (https://github.com/anthropics/claude-code/issues/63962, May 2026). Default: yes. It counts where prompts are read for the engine.
    /// </summary>
    public bool EffortInvalidates { get; init; } = true;

    /// <summary>Share of the requests before which the provider has lost what it held of their prompt. Default: 0. Range: 0 to 1.</summary>
    public double EarlyLossRate { get; init; }

    /// <summary>Decides which requests these are; the same number, the same requests.</summary>
    public int EarlyLossSeed { get; init; }
}
