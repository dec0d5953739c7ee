using Tuppence.ClaudeCode;
using Tuppence.Configuration;
using Tuppence.Guard;
using Tuppence.State.Budgets;

namespace Tuppence.Exchange;

/// <summary>The configuration compiled: all that a request needs, immutable, swapped whole on reload.</summary>
public sealed class Gateway
{
    /// <summary>What the user wrote.</summary>
    public required GatewayConfig Config { get; init; }

    /// <summary>What a request must pass first.</summary>
    public required RequestGuard Guard { get; init; }

    /// <summary>Gateway keys.</summary>
    public required GatewayKeys Keys { get; init; }

    /// <summary>When a request is sent again.</summary>
    public required RetryPolicy Retry { get; init; }

    /// <summary>Presets by name.</summary>
    public required Presets Presets { get; init; }

    /// <summary>What may be spent.</summary>
    public BudgetRules Budgets { get; init; } = BudgetRules.None;

    /// <summary>Chooses an upstream.</summary>
    internal UpstreamChoice Choice { get; init; } = null!;

    /// <summary>The user's own Claude Code program; null where it is off.</summary>
    internal ClaudeCodeServer? ClaudeCode { get; init; }

    /// <summary>All upstreams, for the pages.</summary>
    public required IReadOnlyList<Upstream> Upstreams { get; init; }
}
