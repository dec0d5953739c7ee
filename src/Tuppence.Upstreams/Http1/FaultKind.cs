namespace Tuppence.Upstreams.Http1;

/// <summary>What went wrong between Tuppence and an upstream.</summary>
public enum FaultKind
{
    /// <summary>The host name has no address. Nothing was sent.</summary>
    NameNotResolved,

    /// <summary>No TCP connection: refused or unreachable. Nothing was sent.</summary>
    ConnectFailed,

    /// <summary>The connection led back to this very program. Nothing was sent.</summary>
    OwnAddress,

    /// <summary>Name look-up, TCP and TLS together took longer than allowed. Nothing was sent.</summary>
    ConnectTimeout,

    /// <summary>The TLS handshake failed. Nothing was sent.</summary>
    TlsFailed,

    /// <summary>The HTTP proxy refused the tunnel. Nothing was sent to the upstream.</summary>
    ProxyFailed,

    /// <summary>The connection broke while the request was being sent; the upstream may have seen part or all of it.</summary>
    SendFailed,

    /// <summary>The connection closed before an answer; the upstream may have acted on the request.</summary>
    NoAnswer,

    /// <summary>No response head within the time allowed.</summary>
    HeadTimeout,

    /// <summary>The answer is not HTTP/1.1 (RFC 9112).</summary>
    MalformedHead,

    /// <summary>The connection closed or was reset inside the response body.</summary>
    BodyCut,

    /// <summary>The framing of the response body is broken.</summary>
    MalformedBody,

    /// <summary>The response body fell silent for longer than allowed.</summary>
    IdleTimeout,

    /// <summary>The request as a whole took longer than allowed.</summary>
    TotalTimeout,

    /// <summary>Tuppence itself gave the connection up, since the client left or the gateway stops.</summary>
    Aborted,
}
