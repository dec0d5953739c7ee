using System.Net;
using System.Net.Sockets;

namespace Tuppence.Upstreams.Http1;

/// <summary>
/// The addresses that this program listens on. A connection of ours that ends at one of them would send each request round in a
/// circle until memory or sockets run out; whatever name, proxy or forwarded port led there, the connected socket shows it.
/// </summary>
public sealed class OwnListeners
{
    private IPEndPoint[] endPoints = [];

    /// <summary>Replaces what is known. Until then nothing counts as our own.</summary>
    public void Set(IEnumerable<IPEndPoint> listening) => Volatile.Write(ref endPoints, [.. listening]);

    /// <summary>
    /// Whether <paramref name="connected"/> ends at one of these addresses or at itself: a connection to a free local port can be
    /// given that very port as its own and so meet itself (RFC 9293 section 3.5, simultaneous open).
    /// </summary>
    public bool IsEndOf(Socket connected)
    {
        var (near, far) = ((IPEndPoint)connected.LocalEndPoint!, (IPEndPoint)connected.RemoteEndPoint!);
        return far.Equals(near) || Volatile.Read(ref endPoints).Any(own => own.Port == far.Port && IsReached(own.Address, Plain(near.Address), Plain(far.Address)));
    }

    // Both ends have the same address exactly where the far end is on this machine, loopback apart (127.0.0.1 to 127.0.0.2).
    private static bool IsReached(IPAddress own, IPAddress near, IPAddress far) =>
        own.Equals(IPAddress.Any) || own.Equals(IPAddress.IPv6Any) ? far.Equals(near) || IPAddress.IsLoopback(far) : Plain(own).Equals(far);

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
