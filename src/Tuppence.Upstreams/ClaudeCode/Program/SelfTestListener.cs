using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>Stands in for the API during the self-test: a listener on loopback that keeps what it is sent and answers each message with the script's stream.</summary>
internal sealed class SelfTestListener : IAsyncDisposable
{
    private const int MaxHeadBytes = 64 * 1024;
    private const int MaxBodyBytes = 4 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly List<SelfTestRequest> requests = [];
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource closed = new();
    private readonly Task accepting;

    /// <summary>Listens on a free port.</summary>
    /// <exception cref="SocketException">There is none.</exception>
    public SelfTestListener()
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}/"));
        accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The requests so far that ask for an answer of the model.</summary>
    public IReadOnlyList<SelfTestRequest> Messages
    {
        get
        {
            lock (gate)
            {
                return [.. requests.Where(static request => request.IsMessage)];
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closed.CancelAsync();
        listener.Dispose();
        await accepting;
        closed.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await listener.AcceptAsync(closed.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            using (connection)
            await using (var stream = new NetworkStream(connection))
            {
                if (await ReadAsync(stream) is { } request)
                {
                    lock (gate)
                    {
                        requests.Add(request);
                    }

                    await stream.WriteAsync(Encoding.UTF8.GetBytes(request.IsMessage
                        ? "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n" + SelfTestScript.Stream
                        : "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"), closed.Token);
                    connection.Shutdown(SocketShutdown.Send);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The program left.
        }
    }

    private async Task<SelfTestRequest?> ReadAsync(NetworkStream stream)
    {
        var buffer = new byte[MaxHeadBytes];
        var filled = 0;
        int end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled), closed.Token);
            filled += read;
            if (read == 0)
            {
                return null;
            }
        }

        var lines = Encoding.Latin1.GetString(buffer, 0, end).Split("\r\n");
        _ = int.TryParse(Header(lines, "content-length"), CultureInfo.InvariantCulture, out var length);
        var body = new byte[Math.Clamp(length, 0, MaxBodyBytes)];
        var begun = Math.Min(filled - end - 4, body.Length);
        buffer.AsSpan(end + 4, begun).CopyTo(body);
        await stream.ReadExactlyAsync(body.AsMemory(begun), closed.Token);
        return lines[0].Split(' ') is [var method, var target, _] ? new SelfTestRequest(method, target, Header(lines, "user-agent"), body) : null;
    }

    private static string Header(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) is { } line ? line[(name.Length + 1)..].Trim() : "";
}
