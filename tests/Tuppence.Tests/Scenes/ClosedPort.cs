using System.Net;
using System.Net.Sockets;

namespace Tuppence.Tests.Scenes;

/// <summary>
/// A loopback port where every connection is refused. It stays taken: a port that was merely free a moment ago is soon given to
/// another listener of this process, and a gateway whose upstream it was would then talk to that.
/// </summary>
public sealed class ClosedPort : IDisposable
{
    private readonly Socket held = new(SocketType.Stream, ProtocolType.Tcp);

    public ClosedPort() => held.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public string Url => $"http://127.0.0.1:{((IPEndPoint)held.LocalEndPoint!).Port}";

    public void Dispose() => held.Dispose();
}
