using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tuppence.Tests.Scenes;

/// <summary>An upstream that answers its one connection when the first bytes are there, and does not read on.</summary>
public sealed class EarlyUpstream : IAsyncDisposable
{
    private readonly Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly TaskCompletionSource over = new();
    private Task serving = Task.CompletedTask;

    private EarlyUpstream()
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}";

    public static EarlyUpstream Start(string answer)
    {
        var upstream = new EarlyUpstream();
        upstream.serving = upstream.ServeAsync(answer);
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        over.SetResult();
        await serving;
        listener.Dispose();
    }

    private async Task ServeAsync(string answer)
    {
        using var connection = await listener.AcceptAsync();
        await connection.ReceiveAsync(new byte[1024].AsMemory());
        await connection.SendAsync(Encoding.ASCII.GetBytes(answer));
        await over.Task;
    }
}
