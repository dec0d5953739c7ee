using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tuppence.Upstreams.OAuth;

/// <summary>Listens on loopback for the end of one sign-in (RFC 8252 section 7.3): GET of one path under one name, nothing else.</summary>
internal sealed class LoopbackListener : IAsyncDisposable
{
    private const int MaxHeadBytes = 16 * 1024;
    private const int MaxConnections = 16;

    private static readonly TimeSpan HeadTimeout = TimeSpan.FromSeconds(10);

    private readonly List<Socket> sockets;
    private readonly string path;
    private readonly string authority;
    private readonly Func<string, Task<CallbackPage>> answer;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim slots = new(MaxConnections);
    private readonly CancellationTokenSource closed = new();
    private readonly Task accepting;

    private LoopbackListener(List<Socket> sockets, string authority, string path, Func<string, Task<CallbackPage>> answer, TimeProvider time)
    {
        (this.sockets, this.authority, this.path, this.answer, this.time) = (sockets, authority, path, answer, time);
        accepting = Task.WhenAll(sockets.Select(AcceptAsync));
    }

    /// <summary>The redirect URI that leads here.</summary>
    public Uri Address => new($"http://{authority}{path}");

    /// <summary>Binds to loopback, or says why that is not possible.</summary>
    /// <param name="host"><c>127.0.0.1</c>, <c>[::1]</c> or <c>localhost</c>, which is both where both exist.</param>
    /// <param name="port">0 to 65535; 0: a free one.</param>
    /// <param name="path">Path of the redirect URI.</param>
    /// <param name="answer">Makes a page of the query of a request for that path.</param>
    /// <param name="time">The clock.</param>
    public static (LoopbackListener? Listener, string? Problem) Start(string host, int port, string path, Func<string, Task<CallbackPage>> answer, TimeProvider time)
    {
        var sockets = new List<Socket>();
        try
        {
            sockets.Add(Bind(host == "[::1]" ? IPAddress.IPv6Loopback : IPAddress.Loopback, port));
            var bound = ((IPEndPoint)sockets[0].LocalEndPoint!).Port;
            if (host == "localhost" && Socket.OSSupportsIPv6)
            {
                try
                {
                    // Browsers try either address for the name.
                    sockets.Add(Bind(IPAddress.IPv6Loopback, bound));
                }
                catch (SocketException e) when (e.SocketErrorCode != SocketError.AddressAlreadyInUse)
                {
                    // A machine without IPv6 on loopback.
                }
            }

            return (new LoopbackListener(sockets, $"{host}:{bound}", path, answer, time), null);
        }
        catch (SocketException e)
        {
            sockets.ForEach(static socket => socket.Dispose());
            return (null, port == 0
                ? $"No port of {host} can be listened on: {e.Message}."
                : $"Port {port} of {host}, where the browser is to come back to, is taken by another program or another sign-in. Wait for that to end, or set sign_in.redirect_port to another port that the issuer knows, or to 0 where it takes any.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closed.CancelAsync();
        sockets.ForEach(static socket => socket.Dispose());
        await accepting;
        closed.Dispose();
    }

    private static Socket Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.ExclusiveAddressUse = true;
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(MaxConnections);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!closed.IsCancellationRequested)
        {
            try
            {
                await slots.WaitAsync(closed.Token);
                _ = ServeAsync(await listener.AcceptAsync(closed.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            using (connection)
            using (var limit = new CancellationTokenSource(HeadTimeout, time))
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, closed.Token))
            {
                if (await ReadHeadAsync(connection, either.Token) is { } head)
                {
                    // Not cut short by closing: what the person sees is the end of what they began.
                    var page = (await PageOfAsync(head)).ToAnswer();
                    for (var sent = 0; sent < page.Length;)
                    {
                        sent += await connection.SendAsync(page.AsMemory(sent), limit.Token);
                    }

                    connection.Shutdown(SocketShutdown.Send);
                    // Closing with unread bytes would reset the connection, and the page with it.
                    while (await connection.ReceiveAsync(new byte[1024], limit.Token) > 0)
                    {
                        // Whatever else the browser sends.
                    }
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The browser left, or was too slow.
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task<CallbackPage> PageOfAsync(string head)
    {
        var lines = head.Split("\r\n");
        var start = lines[0].Split(' ');
        var hosts = lines.Where(static line => line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase)).Select(static line => line[5..].Trim()).ToList();
        if (start is not ["GET", var target, "HTTP/1.1" or "HTTP/1.0"] || hosts is not [var host] || !host.Equals(authority, StringComparison.OrdinalIgnoreCase))
        {
            return CallbackPage.NotFound;
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        return (query < 0 ? target : target[..query]) == path ? await answer(query < 0 ? "" : target[(query + 1)..]) : CallbackPage.NotFound;
    }

    private static async Task<string?> ReadHeadAsync(Socket connection, CancellationToken cancellation)
    {
        var buffer = new byte[MaxHeadBytes];
        for (var filled = 0; filled < buffer.Length;)
        {
            var read = await connection.ReceiveAsync(buffer.AsMemory(filled), cancellation);
            filled += read;
            if (buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                return Encoding.Latin1.GetString(buffer, 0, end);
            }

            if (read == 0)
            {
                return null;
            }
        }

        return null;
    }
}
