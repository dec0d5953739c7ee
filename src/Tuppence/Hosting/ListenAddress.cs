using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Tuppence.Hosting;

/// <summary>Turns a configured host into an endpoint of the server.</summary>
internal static class ListenAddress
{
    /// <summary>Listens on both loopback addresses for <c>localhost</c>, else on the one address given. HTTP/1.1 alone.</summary>
    public static void Apply(KestrelServerOptions kestrel, string host, int port)
    {
        static void Http1(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;

        // Both addresses can share a port only where it is named.
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) && port != 0)
        {
            kestrel.ListenLocalhost(port, Http1);
        }
        else
        {
            kestrel.Listen(host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : IPAddress.Parse(host.Trim('[', ']')), port, Http1);
        }
    }
}
