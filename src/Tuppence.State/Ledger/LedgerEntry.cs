namespace Tuppence.State.Ledger;

/// <summary>One row of the ledger: a request that came to its end. Holds no content and no secret; <see cref="Title"/> only where the user allows content.</summary>
public sealed record LedgerEntry
{
    /// <summary>Tuppence's own id of the request: unique, and in the order of arrival as text. The answer carries it as <c>x-tuppence-request-id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>When the request arrived.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What it was.</summary>
    public required RequestKind Kind { get; init; }

    /// <summary>How it ended.</summary>
    public required RequestOutcome Outcome { get; init; }

    /// <summary>The conversation: the planner's lineage under a name that survives a restart; null where nothing was planned.</summary>
    public string? Conversation { get; init; }

    /// <summary>The first words of the conversation's first user message, where the user allows content. Kept once for the conversation; without one it is not kept.</summary>
    public string? Title { get; init; }

    /// <summary>Name of the preset, or null.</summary>
    public string? Preset { get; init; }

    /// <summary>Name of the gateway key that the request came with (never the key), or null.</summary>
    public string? Key { get; init; }

    /// <summary>The client as its <c>User-Agent</c> names it: product and version.</summary>
    public string? Client { get; init; }

    /// <summary>Name of the upstream that answered, or was asked last; null where none was.</summary>
    public string? Upstream { get; init; }

    /// <summary>The upstream's kind, which sets its prices: <c>anthropic</c>, <c>bedrock</c>, <c>vertex</c>, ….</summary>
    public string? Platform { get; init; }

    /// <summary>The model as the answer names it, else as the request does; null where neither does.</summary>
    public string? Model { get; init; }

    /// <summary>HTTP status that the client was given; null where it left before one.</summary>
    public int? Status { get; init; }

    /// <summary>Whether the answer was a stream.</summary>
    public bool IsStream { get; init; }

    /// <summary><c>stop_reason</c>, or null.</summary>
    public string? StopReason { get; init; }

    /// <summary>Type of the error that the client was told, in the answer or in its stream; null for none.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The provider's own id of the request (<c>request-id</c> and its like), or null.</summary>
    public string? ProviderId { get; init; }

    /// <summary>Usage; null where the answer told none.</summary>
    public EntryUsage? Usage { get; init; }

    /// <summary>Cost; null where there is usage but its price is not known. Without usage there is none and nothing is owed.</summary>
    public EntryCost? Cost { get; init; }

    /// <summary>Durations.</summary>
    public required EntryTimes Times { get; init; }

    /// <summary>Attempts beyond the first, at whatever upstream.</summary>
    public int Retries { get; init; }

    /// <summary>The declared edits, as <c>x-tuppence-edits</c> tells them; empty for none.</summary>
    public string Edits { get; init; } = "";

    /// <summary>What the planner says; null where nothing was planned or the accounts are off.</summary>
    public EntryTurn? Turn { get; init; }

    /// <summary>Size of the request's body in bytes.</summary>
    public long RequestBytes { get; init; }

    /// <summary>Size of the answer's body in bytes.</summary>
    public long ResponseBytes { get; init; }

    /// <summary>Whether it ended badly: a status of 400 or more, or an outcome other than completed.</summary>
    public bool IsFailed => Outcome != RequestOutcome.Completed || Status >= 400;
}
