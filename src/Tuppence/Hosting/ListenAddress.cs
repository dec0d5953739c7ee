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
        if (IsLocalhost(host) && port != 0)
        {
            kestrel.ListenLocalhost(port, Http1);
        }
        else
        {
            kestrel.Listen(IsLocalhost(host) ? IPAddress.Loopback : IPAddress.Parse(host.Trim('[', ']')), port, Http1);
        }
    }

    /// <summary>The endpoints behind the addresses that the server says it bound.</summary>
    public static IEnumerable<IPEndPoint> Bound(IEnumerable<string> addresses)
    {
        foreach (var url in addresses.Select(static address => new Uri(address)))
        {
            foreach (var address in IsLocalhost(url.Host) ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : new[] { IPAddress.Parse(url.DnsSafeHost) })
            {
                yield return new IPEndPoint(address, url.Port);
            }
        }
    }

    /// <summary>A bound address as a person on this machine opens it.</summary>
    public static string ForPeople(string bound)
    {
        var url = new UriBuilder(bound);
        if (IPAddress.TryParse(url.Uri.DnsSafeHost, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            url.Host = "localhost";
        }

        return url.Uri.GetLeftPart(UriPartial.Authority);
    }

    private static bool IsLocalhost(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
