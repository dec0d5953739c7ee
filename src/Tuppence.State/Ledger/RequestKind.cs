namespace Tuppence.State.Ledger;

/// <summary>What a row of the ledger stands for.</summary>
public enum RequestKind
{
    /// <summary>A request to <c>/v1/messages</c>.</summary>
    Message,

    /// <summary>A request to <c>/v1/messages/count_tokens</c>, which costs nothing.</summary>
    CountTokens,

    /// <summary>One result of a message batch, billed at batch prices.</summary>
    BatchResult,

    /// <summary>A request of Tuppence's own that kept a prompt cache alive.</summary>
    KeepAlive,

    /// <summary>A request of Tuppence's own that a person made on a page of ours: a test call.</summary>
    Test,

    /// <summary>Anything else that was relayed.</summary>
    Other,
}
