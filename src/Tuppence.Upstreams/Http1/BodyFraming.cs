namespace Tuppence.Upstreams.Http1;

/// <summary>How the end of a response body is found (RFC 9112 section 6.3).</summary>
internal enum BodyFraming
{
    /// <summary>There is no body.</summary>
    None,

    /// <summary><c>Content-Length</c> bytes.</summary>
    Length,

    /// <summary>Chunked transfer coding.</summary>
    Chunked,

    /// <summary>Everything until the connection closes.</summary>
    UntilClose,
}
