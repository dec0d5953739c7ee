using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Tuppence.Upstreams.Http1;

/// <summary>TCP, then a CONNECT tunnel where the origin has a proxy, then TLS where the origin is https.</summary>
/// <param name="timeout">Time allowed for all of it together.</param>
/// <param name="time">The clock.</param>
/// <param name="own">Addresses that no connection may lead to, or null.</param>
/// <param name="resolve">Looks a name up; null: the system's resolver.</param>
/// <param name="trust">Checks a server certificate; null: the system's own rules, which is what users want.</param>
public sealed class TcpConnector(
    TimeSpan timeout,
    TimeProvider time,
    OwnListeners? own = null,
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
    RemoteCertificateValidationCallback? trust = null) : IConnector
{
    private static readonly List<SslApplicationProtocol> Http11Only = [SslApplicationProtocol.Http11];

    /// <inheritdoc/>
    public async ValueTask<ConnectResult> ConnectAsync(UpstreamOrigin origin, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        Socket? socket = null;
        try
        {
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await ConnectSocketAsync(socket, origin, either.Token);
            if (own?.IsEndOf(socket) == true)
            {
                socket.Dispose();
                return ConnectResult.Of(FaultKind.OwnAddress, "requests would go in circles");
            }

            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (origin.Proxy is { } proxy && await ProxyTunnel.OpenAsync(stream, proxy, origin, either.Token) is { } refused)
            {
                socket.Dispose();
                return ConnectResult.Of(FaultKind.ProxyFailed, refused);
            }

            return ConnectResult.Of(origin.IsSecure ? await SecureAsync(stream, origin, either.Token) : stream, socket);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            socket?.Dispose();
            cancellation.ThrowIfCancellationRequested();
            return Explain(e, origin);
        }
    }

    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve = resolve ?? Dns.GetHostAddressesAsync;

    private async ValueTask ConnectSocketAsync(Socket socket, UpstreamOrigin origin, CancellationToken cancellation)
    {
        var (host, port) = origin.Proxy is { } proxy ? (proxy.DnsSafeHost, proxy.Port) : (origin.Host, origin.Port);
        if (IPAddress.TryParse(host, out var address))
        {
            await socket.ConnectAsync(address, port, cancellation);
        }
        else
        {
            // Looked up anew for each connection; with connections living at most five minutes a DNS change is followed soon.
            await socket.ConnectAsync(await resolve(host, cancellation), port, cancellation);
        }
    }

    private async ValueTask<Stream> SecureAsync(Stream plain, UpstreamOrigin origin, CancellationToken cancellation)
    {
        var secure = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = origin.Host,
                    ApplicationProtocols = Http11Only,
                    RemoteCertificateValidationCallback = trust,
                },
                cancellation);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    private ConnectResult Explain(Exception failure, UpstreamOrigin origin) => failure switch
    {
        OperationCanceledException => ConnectResult.Of(FaultKind.ConnectTimeout, $"no connection within {timeout.TotalSeconds:0.#} s"),
        AuthenticationException => ConnectResult.Of(FaultKind.TlsFailed, failure.InnerException?.Message ?? failure.Message),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
            ConnectResult.Of(FaultKind.NameNotResolved, $"the name “{origin.Proxy?.DnsSafeHost ?? origin.Host}” has no address"),
        SocketException => ConnectResult.Of(FaultKind.ConnectFailed, failure.Message),
        // A peer that is no TLS server closes or answers in clear text: both come as an IOException out of the handshake.
        _ => ConnectResult.Of(origin.IsSecure ? FaultKind.TlsFailed : FaultKind.ConnectFailed, failure.Message),
    };
}
