namespace Tuppence.Exchange;

/// <summary>Everything that Tuppence reports as an error of its own, by source: downstream first, then upstream, then internal.</summary>
public enum ErrorKind
{
    /// <summary>The request target holds dot segments or is not one.</summary>
    BadTarget,

    /// <summary>The request could be read in two ways (RFC 9112 section 6.3).</summary>
    AmbiguousFraming,

    /// <summary>An upgrade to another protocol was asked for.</summary>
    UpgradeRefused,

    /// <summary>The <c>Host</c> is not one of ours (DNS rebinding).</summary>
    ForeignHost,

    /// <summary>A web page of another origin called.</summary>
    ForeignOrigin,

    /// <summary>The content type is not application/json.</summary>
    WrongContentType,

    /// <summary>The body is compressed and an edit would be needed.</summary>
    EncodedBody,

    /// <summary>The body is larger than allowed.</summary>
    BodyTooLarge,

    /// <summary>The body came too slowly.</summary>
    ClientTooSlow,

    /// <summary>The body ended before its end: the client left.</summary>
    UploadCut,

    /// <summary>No gateway key.</summary>
    KeyMissing,

    /// <summary>A wrong gateway key.</summary>
    KeyWrong,

    /// <summary>No preset of that name.</summary>
    UnknownPreset,

    /// <summary>No upstream of that name.</summary>
    UnknownUpstream,

    /// <summary>No level of prompt caching of that name.</summary>
    UnknownCacheLevel,

    /// <summary>Nothing is served at that path.</summary>
    NotFound,

    /// <summary>The path is served, but not for that method.</summary>
    MethodNotAllowed,

    /// <summary>The body is not JSON, and an edit needs it to be.</summary>
    MalformedBody,

    /// <summary>An edit cannot be applied to this body.</summary>
    EditRefused,

    /// <summary>A call of the dashboard says something that it cannot.</summary>
    BadCall,

    /// <summary>Too many wrong keys were tried; the next try has to wait.</summary>
    TooManyTries,

    /// <summary>The upstream's provider does not serve this path.</summary>
    NotServedThere,

    /// <summary>The upstream's provider does not count tokens; clients estimate where they learn that by 501.</summary>
    CountingNotServed,

    /// <summary>A budget does not cover the request.</summary>
    BudgetUsedUp,

    /// <summary>More requests are open than allowed.</summary>
    Overloaded,

    /// <summary>No connection to the upstream.</summary>
    UpstreamUnreachable,

    /// <summary>The upstream's certificate is not trusted, or it does not speak TLS.</summary>
    UpstreamTls,

    /// <summary>The upstream took too long.</summary>
    UpstreamTimeout,

    /// <summary>The upstream closed the connection without an answer.</summary>
    UpstreamNoAnswer,

    /// <summary>The upstream's answer is not HTTP.</summary>
    UpstreamMalformed,

    /// <summary>The upstream's answer broke off.</summary>
    UpstreamCut,

    /// <summary>The upstream's configured credential cannot be had.</summary>
    CredentialMissing,

    /// <summary>The ledger cannot be read.</summary>
    LedgerUnread,

    /// <summary>The gateway is stopping.</summary>
    Stopping,

    /// <summary>A bug in Tuppence.</summary>
    Bug,
}
