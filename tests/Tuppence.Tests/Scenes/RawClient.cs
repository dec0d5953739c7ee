using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tuppence.Tests.Scenes;

/// <summary>An HTTP/1.1 client on a bare socket: what it sends is what was written, what it reads is what came.</summary>
public sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Socket socket;
    private readonly byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    private RawClient(Socket socket) => this.socket = socket;

    public static async Task<RawClient> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new RawClient(socket);
    }

    public static async Task<RawResponse> ExchangeAsync(int port, string request)
    {
        using var client = await ConnectAsync(port);
        await client.SendAsync(request);
        return await client.ReadAsync(request.StartsWith("HEAD ", StringComparison.Ordinal));
    }

    /// <summary>A POST of JSON with Host, length and <c>Connection: close</c>. Characters stand for Latin-1 bytes except in the body, which is UTF-8.</summary>
    public static string Post(string path, string body, string headers = "", string contentType = "application/json") =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {contentType}\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n"
        + Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(body));

    /// <summary>As <see cref="Post"/>, with a body whose characters stand for bytes too.</summary>
    public static string PostBytes(string path, string body, string headers = "") =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}";

    public static string Get(string path, string headers = "") => $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n";

    /// <summary>Sends characters as Latin-1 bytes.</summary>
    public Task SendAsync(string request) => SendAsync(Encoding.Latin1.GetBytes(request));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    /// <summary>Closes in order.</summary>
    public void Leave() => socket.Close();

    /// <summary>Closes with a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Reads a whole answer; one cut short is given as far as it came.</summary>
    public async Task<RawResponse> ReadAsync(bool isHead = false)
    {
        if (await ReadHeadAsync() is not var (status, headers))
        {
            return new RawResponse(0, [], [], false);
        }

        string? Header(string name) => headers.Where(line => line.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(line => line.Value).FirstOrDefault();
        var body = new MemoryStream();
        if (isHead || status is 204 or 304)
        {
            return new RawResponse(status, headers, [], true);
        }

        if (Header("Transfer-Encoding") is not null)
        {
            while (await ReadChunkAsync() is { } chunk)
            {
                if (chunk.Length == 0)
                {
                    return new RawResponse(status, headers, body.ToArray(), true);
                }

                body.Write(chunk);
            }

            return new RawResponse(status, headers, body.ToArray(), false);
        }

        var left = Header("Content-Length") is { } length ? long.Parse(length, CultureInfo.InvariantCulture) : long.MaxValue;
        while (left > 0 && (start < end || await ReceiveAsync()))
        {
            var taken = (int)Math.Min(left, end - start);
            body.Write(buffer, start, taken);
            start += taken;
            left -= taken;
        }

        return new RawResponse(status, headers, body.ToArray(), left == 0 || Header("Content-Length") is null);
    }

    /// <summary>Reads status and headers; null where the connection ends first.</summary>
    public async Task<(int Status, List<(string Name, string Value)> Headers)?> ReadHeadAsync()
    {
        var lines = new List<string>();
        while (await ReadLineAsync() is { } line)
        {
            if (line.Length > 0)
            {
                lines.Add(line);
                continue;
            }

            var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
            if (status >= 200)
            {
                return (status, [.. lines.Skip(1).Select(static text => (text[..text.IndexOf(':')], text[(text.IndexOf(':') + 1)..].Trim()))]);
            }

            lines.Clear();
        }

        return null;
    }

    /// <summary>Reads the next chunk of a chunked body: empty at its end, null where the connection ends first.</summary>
    public async Task<byte[]?> ReadChunkAsync()
    {
        if (await ReadLineAsync() is not { } size)
        {
            return null;
        }

        var chunk = new byte[int.Parse(size.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)];
        for (var filled = 0; filled < chunk.Length;)
        {
            if (start == end && !await ReceiveAsync())
            {
                return null;
            }

            var taken = Math.Min(chunk.Length - filled, end - start);
            buffer.AsSpan(start, taken).CopyTo(chunk.AsSpan(filled));
            start += taken;
            filled += taken;
        }

        return await ReadLineAsync() is null ? null : chunk;
    }

    public void Dispose() => socket.Dispose();

    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            if (start == end && !await ReceiveAsync())
            {
                return null;
            }

            var b = buffer[start++];
            if (b == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)b);
        }
    }

    private async Task<bool> ReceiveAsync()
    {
        // A peer that says nothing any more fails the test instead of holding up the run.
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            (start, end) = (0, await socket.ReceiveAsync(buffer.AsMemory(), limit.Token));
            return end > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
