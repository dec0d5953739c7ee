using System.Net;
using System.Net.Sockets;

namespace Tuppence.Upstreams.Http1;

/// <summary>Which addresses are this machine's own, and which no credential may ever be sent to.</summary>
public static class AddressRules
{
    // Metadata services outside the link-local range: AWS over IPv6, Alibaba Cloud, Azure's host agent, Oracle Cloud.
    private static readonly IPAddress[] Metadata =
        [IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("100.100.100.200"), IPAddress.Parse("168.63.129.16"), IPAddress.Parse("192.0.0.192")];

    private static readonly string[] MetadataNames = ["metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"];

    /// <summary>True for <c>localhost</c>, names under <c>.localhost</c> (RFC 6761 section 6.3) and loopback addresses, mapped ones included.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
        host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ||
        (IPAddress.TryParse(host.AsSpan().Trim("[]"), out var address) && IPAddress.IsLoopback(Unmapped(address)));

    /// <summary>True for the unspecified address, link-local ones (RFC 3927, RFC 4291 section 2.5.6), multicast and metadata services.</summary>
    public static bool IsForbidden(IPAddress address)
    {
        var plain = Unmapped(address);
        return plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any) || plain.Equals(IPAddress.Broadcast) ||
            plain.IsIPv6LinkLocal || plain.IsIPv6Multicast || IsLinkLocalOrMulticast(plain) || Array.Exists(Metadata, plain.Equals);
    }

    /// <summary>True where the host of a URL is a forbidden address or the name of a metadata service.</summary>
    public static bool IsForbidden(string host)
    {
        var plain = host.AsSpan().Trim("[]").TrimEnd('.');
        return IPAddress.TryParse(plain, out var address)
            ? IsForbidden(address)
            : Array.Exists(MetadataNames, new string(plain).Equals);
    }

    private static bool IsLinkLocalOrMulticast(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.AddressFamily == AddressFamily.InterNetwork && address.TryWriteBytes(bytes, out _) &&
            ((bytes[0] == 169 && bytes[1] == 254) || bytes[0] >= 224);
    }

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
