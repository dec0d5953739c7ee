namespace Tuppence.Upstreams.Http1;

/// <summary>A fault as a value: its kind and what the system said about it, for people. Never holds a secret.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Detail">The system's own words, such as “Connection refused”.</param>
public sealed record UpstreamFault(FaultKind Kind, string Detail)
{
    /// <summary>True where the upstream cannot have seen any of the request, so that sending it again is safe (RFC 9110 section 9.2.2).</summary>
    public bool NothingSent => Kind is FaultKind.NameNotResolved or FaultKind.ConnectFailed or FaultKind.OwnAddress or FaultKind.ConnectTimeout or FaultKind.TlsFailed or FaultKind.ProxyFailed;
}
