using System.Net;

namespace Tuppence.Upstreams.OAuth;

/// <summary>
/// Requests to issuers: no redirect is followed (a token must not travel on), no cookie is kept, size and time are bounded, and each
/// request has a connection of its own, so that none is lost on one that the server closed meanwhile.
/// </summary>
public static class OAuthTransport
{
    /// <summary>Longest wait for a connection.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Longest time from the request to the last byte of the answer.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Largest answer, in bytes.</summary>
    public const int MaxAnswerBytes = 1 << 20;

    /// <summary>Makes one. The caller disposes of it.</summary>
    /// <param name="proxy">HTTP proxy with its user name and password, or null. Loopback is reached without it.</param>
    /// <param name="userAgent">What requests carry as <c>User-Agent</c>.</param>
    /// <param name="time">The clock.</param>
    public static HttpMessageInvoker Create(Uri? proxy, string userAgent, TimeProvider time)
    {
#pragma warning disable CA2000 // The invoker owns both handlers.
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = proxy is not null,
            Proxy = proxy is null ? null : ProxyOf(proxy),
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.Zero,
            MaxResponseHeadersLength = 64,
            AutomaticDecompression = DecompressionMethods.None,
        };
        return new HttpMessageInvoker(new BoundedHandler(sockets, userAgent, time), disposeHandler: true);
#pragma warning restore CA2000
    }

    private static WebProxy ProxyOf(Uri proxy)
    {
        var parts = proxy.UserInfo.Split(':', 2);
        return new WebProxy(new Uri(proxy.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)), BypassOnLocal: false, [@"^https?://(localhost|127\.0\.0\.1|\[::1\])(:|/|$)"])
        {
            Credentials = parts[0].Length == 0 ? null : new NetworkCredential(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? "")),
        };
    }
}
