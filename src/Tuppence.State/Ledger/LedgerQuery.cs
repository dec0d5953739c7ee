namespace Tuppence.State.Ledger;

/// <summary>Which rows. Everything that is null or empty does not narrow.</summary>
public sealed record LedgerQuery
{
    /// <summary>From this moment on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this moment.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Rows before this id: the last of the page before.</summary>
    public string? Before { get; init; }

    /// <summary>At most so many, 1 to 10,000.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>A conversation.</summary>
    public string? Conversation { get; init; }

    /// <summary>A model.</summary>
    public string? Model { get; init; }

    /// <summary>A preset.</summary>
    public string? Preset { get; init; }

    /// <summary>Name of a gateway key.</summary>
    public string? Key { get; init; }

    /// <summary>An upstream.</summary>
    public string? Upstream { get; init; }

    /// <summary>Only requests that ended badly: a status of 400 or more, or an outcome other than completed.</summary>
    public bool FailedOnly { get; init; }

    /// <summary>Words that must all be found in id, model, client, preset, upstream, title or error type.</summary>
    public string? Search { get; init; }
}
