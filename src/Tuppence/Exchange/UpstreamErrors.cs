using Tuppence.Upstreams.Http1;

namespace Tuppence.Exchange;

/// <summary>Tells a person what an upstream fault means.</summary>
internal static class UpstreamErrors
{
    /// <summary>The error that a client sees for <paramref name="fault"/> of <paramref name="upstream"/>.</summary>
    public static GatewayError Explain(UpstreamFault fault, Upstream upstream) => fault.Kind switch
    {
        FaultKind.NameNotResolved or FaultKind.ConnectFailed or FaultKind.ProxyFailed => new(
            ErrorKind.UpstreamUnreachable,
            $"Tuppence cannot reach the upstream {Shown(upstream)}: {fault.Detail}. Check the address and that the service is running; nothing was sent."),
        FaultKind.OwnAddress => new(
            ErrorKind.UpstreamUnreachable,
            $"The upstream {Shown(upstream)} leads back to Tuppence itself: {fault.Detail}. Set it to the address of the service that is meant; nothing was sent."),
        FaultKind.TlsFailed => new(
            ErrorKind.UpstreamTls,
            $"Tuppence cannot open a secure connection to the upstream {Shown(upstream)}: {fault.Detail}. Check the address, the system clock and the certificate authorities this machine trusts; nothing was sent."),
        FaultKind.ConnectTimeout => new(
            ErrorKind.UpstreamTimeout,
            $"Tuppence cannot reach the upstream {Shown(upstream)}: {fault.Detail}. Check the network; nothing was sent."),
        FaultKind.HeadTimeout or FaultKind.TotalTimeout => new(
            ErrorKind.UpstreamTimeout,
            $"The upstream “{upstream.Name}” did not answer in time: {fault.Detail}. It may have worked on the request."),
        FaultKind.IdleTimeout => new(
            ErrorKind.UpstreamTimeout,
            $"The upstream “{upstream.Name}” fell silent in the middle of its answer: {fault.Detail}. The text so far is not complete."),
        FaultKind.BodyCut or FaultKind.MalformedBody => new(
            ErrorKind.UpstreamCut,
            $"The upstream “{upstream.Name}” broke off in the middle of its answer: {fault.Detail}. The text so far is not complete."),
        FaultKind.MalformedHead => new(
            ErrorKind.UpstreamMalformed,
            $"The upstream {Shown(upstream)} gave an answer that is not valid HTTP: {fault.Detail}."),
        FaultKind.Aborted => new(ErrorKind.Stopping, "Tuppence is stopping, so the answer ends here. The text so far is not complete."),
        _ => new(
            ErrorKind.UpstreamNoAnswer,
            $"The upstream {Shown(upstream)} closed the connection without an answer: {fault.Detail}. It may have seen the request, so Tuppence did not send it again."),
    };

    /// <summary>Name and address; one of them where the user gave the address alone, or it has none.</summary>
    private static string Shown(Upstream upstream)
    {
        var origin = upstream.Origin.ToString();
        return upstream.IsBuiltIn ? $"“{upstream.Name}”" : upstream.Name == origin ? origin : $"“{upstream.Name}” at {origin}";
    }
}
