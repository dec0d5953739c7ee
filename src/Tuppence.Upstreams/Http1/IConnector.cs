namespace Tuppence.Upstreams.Http1;

/// <summary>Opens a byte stream to an origin.</summary>
public interface IConnector
{
    /// <summary>Connects. Faults come back as values; only cancellation of <paramref name="cancellation"/> throws.</summary>
    ValueTask<ConnectResult> ConnectAsync(UpstreamOrigin origin, CancellationToken cancellation);
}
