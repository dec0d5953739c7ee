namespace Tuppence.Messages.Sse;

/// <summary>What the beginning of an event stream says.</summary>
public enum FirstEventVerdict
{
    /// <summary>More bytes are needed.</summary>
    Open,

    /// <summary>An answer, or an error that any other upstream would give too.</summary>
    Good,

    /// <summary>The upstream refused the request before any of an answer.</summary>
    Error,
}
