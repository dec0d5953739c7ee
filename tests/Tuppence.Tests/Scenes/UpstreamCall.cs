using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Tuppence.Tests.Scenes;

/// <summary>One request as an upstream received it, and the means to answer it byte by byte.</summary>
public sealed class UpstreamCall
{
    private readonly Socket connection;
    private readonly UpstreamSource source;

    public UpstreamCall(Socket connection, UpstreamSource source, string head)
    {
        (this.connection, this.source, Head) = (connection, source, head);
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        RequestLine = lines[0];
        Headers = [.. lines.Skip(1).Select(static line => (line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim()))];
    }

    public const string StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";

    /// <summary>The head's bytes as Latin-1.</summary>
    public string Head { get; }

    public string RequestLine { get; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    public byte[] Body { get; private set; } = [];

    /// <summary>False where the connection ended inside the body.</summary>
    public bool IsBodyComplete { get; private set; } = true;

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>True once the script closed or reset the connection.</summary>
    public bool IsOver { get; private set; }

    public string? this[string name] => Headers.Where(line => line.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(line => line.Value).FirstOrDefault();

    /// <summary>Answers with a JSON body of a declared length; the connection stays open.</summary>
    public Task AnswerAsync(int status, string json, string headers = "") =>
        SendAsync($"HTTP/1.1 {status} Scripted\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n{headers}\r\n{Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(json))}");

    /// <summary>Begins an event stream.</summary>
    public Task BeginStreamAsync() => SendAsync(StreamHead);

    /// <summary>Sends text as one chunk, in UTF-8.</summary>
    public Task SendChunkAsync(string text) => SendChunkAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendChunkAsync(ReadOnlyMemory<byte> bytes)
    {
        byte[] framed = [.. Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture)), .. "\r\n"u8, .. bytes.Span, .. "\r\n"u8];
        await SendAsync(framed);
    }

    /// <summary>Ends a chunked body in order.</summary>
    public Task EndChunksAsync() => SendAsync("0\r\n\r\n");

    /// <summary>Sends characters as Latin-1 bytes.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await connection.SendAsync(bytes)..];
        }
    }

    /// <summary>Closes in order (FIN).</summary>
    public void Close()
    {
        IsOver = true;
        connection.Close();
    }

    /// <summary>Closes with a reset (RST).</summary>
    public void Reset()
    {
        IsOver = true;
        connection.LingerState = new LingerOption(true, 0);
        connection.Close();
    }

    /// <summary>Waits until the gateway closes its side.</summary>
    public async Task UntilClosedAsync()
    {
        await source.UntilClosedAsync();
        IsOver = true;
    }

    /// <summary>Carries bytes both ways between the gateway and a port of this machine, as a proxy does, until either closes.</summary>
    public async Task TunnelToAsync(int port)
    {
        using var target = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await target.ConnectAsync(System.Net.IPAddress.Loopback, port);
        await using var far = new NetworkStream(target);
        await using var near = new NetworkStream(connection);
        await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
        Close();
    }

    internal async Task ReadBodyAsync()
    {
        if (this["Transfer-Encoding"] is not null)
        {
            await ReadChunksAsync();
        }
        else if (this["Content-Length"] is { } length)
        {
            var body = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
            IsBodyComplete = await source.FillAsync(body);
            Body = body;
        }
    }

    private async Task ReadChunksAsync()
    {
        var body = new MemoryStream();
        while (await source.ReadLineAsync() is { } size)
        {
            var chunk = new byte[int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture)];
            if (!await source.FillAsync(chunk) || await source.ReadLineAsync() is null)
            {
                break;
            }

            body.Write(chunk);
            if (chunk.Length == 0)
            {
                Body = body.ToArray();
                return;
            }
        }

        Body = body.ToArray();
        IsBodyComplete = false;
    }
}
