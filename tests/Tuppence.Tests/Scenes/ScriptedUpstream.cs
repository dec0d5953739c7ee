using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Tuppence.Tests.Scenes;

/// <summary>An upstream on bare sockets that answers each request by a script, so that any fault can be played exactly.</summary>
public sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentBag<Socket> connections = [];
    private readonly Func<UpstreamCall, Task> answer;
    private readonly Lock gate = new();
    private readonly List<UpstreamCall> calls = [];
    private readonly Task accepting;
    private TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptedUpstream(Func<UpstreamCall, Task> answer, IPEndPoint? at = null)
    {
        this.answer = answer;
        listener.Bind(at ?? new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1024);
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Every request whose head arrived, in order.</summary>
    public IReadOnlyList<UpstreamCall> Calls
    {
        get
        {
            lock (gate)
            {
                return [.. calls];
            }
        }
    }

    /// <summary>Connections that were accepted.</summary>
    public int Connections => connections.Count;

    /// <summary>Answers by <paramref name="script"/>.</summary>
    public static ScriptedUpstream Start(Func<UpstreamCall, Task> script) => new(script);

    /// <summary>Answers by <paramref name="script"/> at an address of the test's choice.</summary>
    public static ScriptedUpstream StartAt(IPEndPoint at, Func<UpstreamCall, Task> script) => new(script, at);

    /// <summary>Answers every request with this JSON.</summary>
    public static ScriptedUpstream Answering(string json, int status = 200, string headers = "") => new(call => call.AnswerAsync(status, json, headers));

    /// <summary>Gives the n-th request, from 0, once its head has arrived.</summary>
    public async Task<UpstreamCall> CallAsync(int index = 0)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (calls.Count > index)
                {
                    return calls[index];
                }

                next = arrived.Task;
            }

            await next.WaitAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        foreach (var connection in connections)
        {
            connection.Dispose();
        }

        await accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var connection = await listener.AcceptAsync();
                connection.NoDelay = true;
                connections.Add(connection);
                _ = ServeAsync(connection);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Note(UpstreamCall call)
    {
        TaskCompletionSource noted;
        lock (gate)
        {
            calls.Add(call);
            (noted, arrived) = (arrived, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        noted.SetResult();
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            var source = new UpstreamSource(connection);
            while (await source.ReadHeadAsync() is { } head)
            {
                var call = new UpstreamCall(connection, source, head);
                Note(call);
                await call.ReadBodyAsync();
                await answer(call);
                if (call.IsOver)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The gateway closed, or the script did.
        }
    }
}
