using Tuppence.Exchange;

namespace Tuppence.Caching;

/// <summary>What keeps the cache of a request alive: the same request once more, asking for no output. Without any credential.</summary>
/// <param name="Upstream">Name of the upstream; looked up anew for each ping, since a reload may change it.</param>
/// <param name="Target">Target there.</param>
/// <param name="Lines">The header lines that belong to the request's meaning.</param>
/// <param name="Body">The body.</param>
internal sealed record Ping(string Upstream, string Target, IReadOnlyList<(string Name, string Value)> Lines, byte[] Body)
{
    /// <summary>The ping of a request that is about to be sent, or null where it has none.</summary>
    /// <param name="request">The request with its body as it goes out.</param>
    /// <param name="client">The client's header lines.</param>
    /// <remarks>
    /// Only for requests that carry the upstream's own credential: one that came with a request serves that request alone.
    /// Providers that are not the Messages API do not document pings, so they get none.
    /// </remarks>
    public static Ping? Of(in Outbound request, IHeaderDictionary client)
    {
        var isOwn = request.Secret is not null || request.Upstream.IsEmulator;
        if (!isOwn || request.Upstream.Adapter is not null || request.Body is not { } body || !Thrift.KeepAlive.PingBody.TryMake(body.Bytes, out var bytes, out _))
        {
            return null;
        }

        var lines = new List<(string, string)> { ("content-type", "application/json"), ("user-agent", ProductVersion.UserAgent) };
        foreach (var name in client.Keys.Append("anthropic-beta").Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (name.StartsWith("anthropic-", StringComparison.OrdinalIgnoreCase))
            {
                lines.AddRange(request.Headers.ValuesOf(client, name).Select(value => (name, value)));
            }
        }

        return new Ping(request.Upstream.Name, request.Upstream.Origin.PathPrefix + request.Route.Target, lines, bytes);
    }
}
