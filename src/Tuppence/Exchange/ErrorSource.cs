namespace Tuppence.Exchange;

/// <summary>On whose side an error arose.</summary>
public enum ErrorSource
{
    /// <summary>The client's request.</summary>
    Downstream,

    /// <summary>The upstream or the way to it.</summary>
    Upstream,

    /// <summary>Tuppence or its configuration.</summary>
    Internal,
}
