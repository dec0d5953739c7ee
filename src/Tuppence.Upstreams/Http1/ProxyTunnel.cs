using System.Text;

namespace Tuppence.Upstreams.Http1;

/// <summary>Opens a tunnel through an HTTP proxy with CONNECT (RFC 9110 section 9.3.6).</summary>
internal static class ProxyTunnel
{
    private const int MaxHeadBytes = 16 * 1024;

    /// <summary>Asks <paramref name="proxy"/> for a tunnel to the origin. Null on success, else what the proxy said.</summary>
    public static async ValueTask<string?> OpenAsync(Stream stream, Uri proxy, UpstreamOrigin origin, CancellationToken cancellation)
    {
        var target = origin.Host.Contains(':', StringComparison.Ordinal) ? $"[{origin.Host}]:{origin.Port}" : $"{origin.Host}:{origin.Port}";
        var credential = proxy.UserInfo.Length == 0
            ? ""
            : $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(proxy.UserInfo)))}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{credential}\r\n"), cancellation);

        // One byte at a time: what follows the head belongs to TLS and must stay in the socket.
        var head = new byte[MaxHeadBytes];
        var length = 0;
        while (!head.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            if (length == head.Length || await stream.ReadAsync(head.AsMemory(length, 1), cancellation) == 0)
            {
                return "the proxy closed the connection instead of opening a tunnel";
            }

            length++;
        }

        var line = Encoding.Latin1.GetString(head, 0, head.AsSpan(0, length).IndexOf((byte)'\r'));
        return line.StartsWith("HTTP/1.", StringComparison.Ordinal) && line.Length > 9 && line[9] == '2' ? null : $"the proxy answered “{line}”";
    }
}
