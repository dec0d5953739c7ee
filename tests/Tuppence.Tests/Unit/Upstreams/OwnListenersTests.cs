using System.Net;
using System.Net.Sockets;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Tests.Unit.Upstreams;

/// <summary>Whether a connected socket ends at this program is read off its two ends.</summary>
public sealed class OwnListenersTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("0.0.0.0", "127.0.0.1", true)]
    [InlineData("0.0.0.0", "127.0.0.2", true)]
    [InlineData("::", "127.0.0.1", true)]
    [InlineData("127.0.0.2", "127.0.0.1", false)]
    [InlineData("::1", "127.0.0.1", false)]
    public async Task An_end_is_ours_where_address_and_port_are(string listening, string connectedTo, bool expected)
    {
        using var listener = new TcpListener(IPAddress.Parse(connectedTo), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Parse(connectedTo), port, TestContext.Current.CancellationToken);
        var own = new OwnListeners();

        Assert.False(own.IsEndOf(socket));
        own.Set([new IPEndPoint(IPAddress.Parse(listening), port + 1), new IPEndPoint(IPAddress.Parse(listening), port)]);
        Assert.Equal(expected, own.IsEndOf(socket));
        own.Set([new IPEndPoint(IPAddress.Parse(listening), port + 1)]);
        Assert.False(own.IsEndOf(socket));
    }

    [Fact]
    public async Task A_connection_that_met_itself_is_nobodys()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await socket.ConnectAsync((IPEndPoint)socket.LocalEndPoint!, TestContext.Current.CancellationToken);

        Assert.True(new OwnListeners().IsEndOf(socket));
    }
}
