using System.Net;
using Tuppence.Configuration;

namespace Tuppence.Guard;

/// <summary>
/// Tells our own names from a rebinding page's: loopback names, the address listened on, and the configured names. The port is free,
/// since a container's or a tunnel's outer port is not ours to know, and rebinding is a matter of names alone.
/// </summary>
public sealed class HostRule
{
    private readonly HashSet<string> names;
    private readonly bool allowsAddresses;
    private volatile string? lastAllowed;

    /// <summary>Compiles the rule.</summary>
    public HostRule(GatewayConfig config)
    {
        names = new HashSet<string>(["localhost", "127.0.0.1", "[::1]", .. config.AllowedHosts], StringComparer.OrdinalIgnoreCase);
        var isAddress = IPAddress.TryParse(config.Host, out var address);
        // An address cannot be rebound by DNS: whoever names it in a URL means the machine that has it.
        allowsAddresses = isAddress && !IPAddress.IsLoopback(address!);
    }

    /// <summary>True where a request with this <c>Host</c> is meant for us. An empty one is not.</summary>
    public bool Allows(string? host)
    {
        if (string.IsNullOrEmpty(host))
        {
            return false;
        }

        // The server gives the same string again for the same bytes on a connection.
        if (ReferenceEquals(host, lastAllowed))
        {
            return true;
        }

        if (!TrySplitPort(host, out var name) || !(names.Contains(name) || (allowsAddresses && IPAddress.TryParse(name, out _))))
        {
            return false;
        }

        lastAllowed = host;
        return true;
    }

    private static bool TrySplitPort(string host, out string name)
    {
        var end = host[0] == '[' ? host.IndexOf(']', StringComparison.Ordinal) + 1 : host.IndexOf(':', StringComparison.Ordinal);
        name = end <= 0 ? host : host[..end];
        var port = end <= 0 ? "" : host[end..];
        return port.Length == 0 || (port[0] == ':' && port.Length is > 1 and <= 6 && !port.AsSpan(1).ContainsAnyExceptInRange('0', '9'));
    }
}
