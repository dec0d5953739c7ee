using System.Net;
using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Rules;

/// <summary>What hosts, host names and web origins may look like.</summary>
internal static class HostRules
{
    /// <summary>An address to listen on: an IP address, or <c>localhost</c>.</summary>
    public static Refusal? Listen(string text)
    {
        if (text is "localhost")
        {
            return null;
        }

        if (text is "*" or "+")
        {
            return new Refusal($"{ConfigNode.Quote(text)} is not an address.", "Write 0.0.0.0 for every IPv4 address, or :: for IPv6 as well.");
        }

        if (text.StartsWith('[') && text.EndsWith(']'))
        {
            return new Refusal("The address stands in brackets.", $"Write {ConfigNode.Quote(text)[2..^2]}");
        }

        if (text.Contains("://", StringComparison.Ordinal))
        {
            return new Refusal("This is a URL, not an address.", "Write the address alone, and the port as port.");
        }

        // TryParse also takes "1" and "0x7f.1"; only the usual spelling is meant.
        return IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || text.Equals(address.ToString(), StringComparison.Ordinal))
            ? null
            : new Refusal($"{ConfigNode.Quote(text)} is neither an IP address nor localhost.", "Write 127.0.0.1 for this machine alone, or 0.0.0.0 for its network.");
    }

    /// <summary>A host name or address under which the gateway may be addressed, without port.</summary>
    public static Refusal? Allowed(string text)
    {
        if (text.Contains('*', StringComparison.Ordinal))
        {
            return new Refusal("Patterns are not supported: a pattern would let a rebound name in.", "List each host name in full.");
        }

        if (text.Contains("://", StringComparison.Ordinal) || text.Contains('/', StringComparison.Ordinal))
        {
            return new Refusal("This is a URL, not a host name.", "Write the host name alone, such as tuppence.lan");
        }

        var name = text.AsSpan().Trim("[]");
        return Uri.CheckHostName(new string(name)) switch
        {
            UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6 => null,
            _ when text.Contains(':', StringComparison.Ordinal) => new Refusal($"{ConfigNode.Quote(text)} is not a host name.", "Write the host name without a port."),
            _ => new Refusal($"{ConfigNode.Quote(text)} is not a host name.", "Write a name such as tuppence.lan, or an address."),
        };
    }

    /// <summary>A serialised web origin (RFC 6454 section 6.2): scheme, host and, where not the default, port.</summary>
    public static Refusal? Origin(string text)
    {
        if (text.Contains('*', StringComparison.Ordinal))
        {
            return new Refusal("A pattern would let every page on the web spend your credit.", "List each origin in full, such as https://chat.example");
        }

        if (text is "null")
        {
            return new Refusal("null is the origin of every sandboxed page and local file.", "Serve the page from an address, such as http://localhost:8000, and list that.");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0 || url.UserInfo.Length > 0)
        {
            return new Refusal($"{ConfigNode.Quote(text)} is not an origin.", "Write scheme and host, such as https://chat.example");
        }

        var exact = url.GetLeftPart(UriPartial.Authority);
        return text == exact ? null : new Refusal($"{ConfigNode.Quote(text)} is not how a browser writes this origin.", $"Write {ConfigNode.Quote(exact)[1..^1]}");
    }
}
