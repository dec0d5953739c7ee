using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Tests.Unit.Upstreams;

/// <summary>TLS with a certificate made here, and tunnels through a proxy.</summary>
public sealed class TcpConnectorTests
{
    private const string Request = "GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public async Task A_trusted_certificate_is_spoken_to_with_its_name_and_HTTP_1()
    {
        using var server = new TlsServer();
        string? checkedName = null;
        var result = await ConnectAsync(server.Url, (_, certificate, _, _) => (checkedName = certificate?.Subject) is not null);

        Assert.Equal("CN=upstream.test", checkedName);
        Assert.Equal(200, await StatusAsync(result));
        Assert.Equal(("localhost", SslApplicationProtocol.Http11), await server.Seen);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent()
    {
        using var server = new TlsServer();

        var result = await ConnectAsync(server.Url, trust: null);

        Assert.Equal((FaultKind.TlsFailed, true), (result.Fault!.Kind, result.Fault.NothingSent));
    }

    [Fact]
    public async Task A_server_without_TLS_is_said_to_have_none()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var answering = Task.Run(async () =>
        {
            using var peer = await listener.AcceptAsync(TestContext.Current.CancellationToken);
            await peer.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken);

        var result = await ConnectAsync($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}", IsOurs);

        Assert.Equal(FaultKind.TlsFailed, result.Fault!.Kind);
        await answering;
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("user:p%40ss%20w%C3%B6rd@", "user:p@ss wörd")]
    public async Task A_tunnel_is_asked_for_with_the_proxys_credentials(string userInfo, string? credentials)
    {
        using var server = new TlsServer();
        await using var proxy = ScriptedUpstream.Start(async call =>
        {
            await call.SendAsync("HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n");
            await call.TunnelToAsync(server.Port);
        });

        var result = await ConnectAsync(server.Url, IsOurs, $"http://{userInfo}127.0.0.1:{proxy.Port}");

        Assert.Equal(200, await StatusAsync(result));
        var call = proxy.Calls.Single();
        Assert.Equal($"CONNECT localhost:{server.Port} HTTP/1.1", call.RequestLine);
        Assert.Equal($"localhost:{server.Port}", call["Host"]);
        Assert.Equal(credentials is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)), call["Proxy-Authorization"]);
    }

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "“HTTP/1.1 407 Proxy Authentication Required”")]
    [InlineData("HTTP/1.1 502 Bad\r\n\r\n", "“HTTP/1.1 502 Bad”")]
    [InlineData("SSH-2.0\r\n\r\n", "“SSH-2.0”")]
    [InlineData("HTTP/1.1 200", "closed the connection")]
    [InlineData("", "closed the connection")]
    public async Task A_proxy_that_refuses_is_quoted_and_its_credentials_are_not(string answer, string words)
    {
        await using var proxy = ScriptedUpstream.Start(async call =>
        {
            await call.SendAsync(answer);
            call.Close();
        });

        var result = await ConnectAsync("https://localhost:1", IsOurs, $"http://user:canary@127.0.0.1:{proxy.Port}");

        Assert.Equal((FaultKind.ProxyFailed, true), (result.Fault!.Kind, result.Fault.NothingSent));
        Assert.Contains(words, result.Fault.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", result.Fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_is_not_there_is_a_failed_connection()
    {
        using var closed = new ClosedPort();

        var result = await ConnectAsync("https://localhost:1", IsOurs, closed.Url.Replace("//", "//user:canary@", StringComparison.Ordinal));

        Assert.Equal(FaultKind.ConnectFailed, result.Fault!.Kind);
        Assert.DoesNotContain("canary", result.Fault.Detail, StringComparison.Ordinal);
    }

    private static ValueTask<ConnectResult> ConnectAsync(string url, RemoteCertificateValidationCallback? trust, string? proxy = null) =>
        new TcpConnector(TimeSpan.FromSeconds(20), TimeProvider.System, trust: trust)
            .ConnectAsync(UpstreamOrigin.From(new Uri(url), proxy is null ? null : new Uri(proxy)), TestContext.Current.CancellationToken);

    private static bool IsOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate?.Subject == "CN=upstream.test";

    private static async Task<int> StatusAsync(ConnectResult result)
    {
        Assert.True(result.IsConnected, result.Fault?.Detail);
        using var connection = new UpstreamConnection(result.Stream, result.Socket, 0);
        Assert.Null(await connection.ExchangeAsync(Encoding.ASCII.GetBytes(Request), null, isHeadRequest: false));
        return connection.Head.Status;
    }

    private sealed class TlsServer : IDisposable
    {
        private readonly Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
        private readonly X509Certificate2 certificate;

        public TlsServer()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var now = TimeProvider.System.GetUtcNow();
            certificate = new CertificateRequest("CN=upstream.test", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            Seen = ServeAsync();
        }

        public Task<(string Name, SslApplicationProtocol Protocol)> Seen { get; }

        public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

        public string Url => $"https://localhost:{Port}";

        public void Dispose()
        {
            listener.Dispose();
            certificate.Dispose();
        }

        private async Task<(string Name, SslApplicationProtocol Protocol)> ServeAsync()
        {
            await using var secure = new SslStream(new NetworkStream(await listener.AcceptAsync(), ownsSocket: true));
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate, ApplicationProtocols = [SslApplicationProtocol.Http11, SslApplicationProtocol.Http2] });
            await secure.ReadExactlyAsync(new byte[Request.Length]);
            await secure.WriteAsync(Encoding.ASCII.GetBytes(Answer));
            return (secure.TargetHostName, secure.NegotiatedApplicationProtocol);
        }
    }
}
