namespace Tuppence.Configuration;

/// <summary>The user's own Claude Code program as the upstream <c>claude-code</c>.</summary>
public sealed record ClaudeCodeConfig
{
    /// <summary>Name of the upstream.</summary>
    public const string Upstream = "claude-code";

    /// <summary>Whether the upstream exists at all.</summary>
    public bool Enabled { get; init; }

    /// <summary>Full path of the program, or null: the one that is found in PATH or where its installers put it.</summary>
    public string? Program { get; init; }

    /// <summary>Answers that may be under way at a time, 1 to 8; each is a process of its own.</summary>
    public int Concurrency { get; init; } = 2;

    /// <summary>Requests that may wait for one of them to end, 0 to 64; more are answered 529.</summary>
    public int QueueLength { get; init; } = 4;

    /// <summary>Whether a process that has been told nothing yet is kept for the next request.</summary>
    public bool KeepSpare { get; init; } = true;

    /// <summary>The environment that the program's own is made of, by an allow-list. No option: the loader fills it in.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = Nothing;

    // One instance, so that two configurations that say the same are equal.
    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>(StringComparer.Ordinal);
}
