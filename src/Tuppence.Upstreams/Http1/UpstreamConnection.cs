using System.Net.Sockets;

namespace Tuppence.Upstreams.Http1;

/// <summary>
/// One HTTP/1.1 connection to an upstream, used for one exchange at a time: send, read the head, then take the body run by run.
/// Receiving allocates nothing; while a stream is silent the connection holds one small buffer.
/// </summary>
public sealed class UpstreamConnection : IDisposable
{
    private const int MaxHeadBytes = 256 * 1024;

    private readonly Stream stream;
    private readonly Socket? socket;
    private ReceiveBuffer received;
    private ResponseBody body;
    private Task? pendingSend;
    private int aborted;

    internal UpstreamConnection(Stream stream, Socket? socket, long createdAt)
    {
        this.stream = stream;
        this.socket = socket;
        CreatedAt = createdAt;
    }

    /// <summary>Status and headers of the current answer.</summary>
    public ResponseHead Head { get; } = new();

    /// <summary>Why the exchange cannot go on, once something failed.</summary>
    public UpstreamFault? Fault { get; private set; }

    /// <summary>True while part of the request is still on its way.</summary>
    public bool IsSending => pendingSend is { IsCompleted: false };

    /// <summary>True once <see cref="Abort"/> was called.</summary>
    public bool IsAborted => Volatile.Read(ref aborted) != 0;

    /// <summary>Timestamp of the connect.</summary>
    internal long CreatedAt { get; }

    /// <summary>Timestamp since which the connection waits in its pool.</summary>
    internal long IdleSince { get; set; }

    /// <summary>True after a whole exchange that leaves the connection in a known state (RFC 9112 section 9.3).</summary>
    internal bool IsReusable =>
        body.IsWhole && Fault is null && !IsAborted && socket is not null && received.Count == 0
        && !body.EndsWithConnection && !Head.ClosesConnection && pendingSend is null or { IsCompletedSuccessfully: true };

    /// <summary>True where an idle connection was closed by the other side, or holds bytes nobody asked for.</summary>
    internal bool IsStale
    {
        get
        {
            try
            {
                return socket is null || socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>
    /// Sends a request and reads the response head. An answer that comes before the upload is through is taken (RFC 9112 section 9.3);
    /// the connection is then not used again.
    /// </summary>
    /// <param name="request">Head, with the body behind it where it is at hand.</param>
    /// <param name="upload">Writes the rest of the body, or null.</param>
    /// <param name="isHeadRequest">True for HEAD, whose answers have no body.</param>
    /// <returns>Null when the head is read, else the fault.</returns>
    public async ValueTask<UpstreamFault?> ExchangeAsync(ReadOnlyMemory<byte> request, Func<Stream, Task>? upload, bool isHeadRequest)
    {
        (Fault, body, pendingSend) = (null, default, null);
        var sending = SendAsync(request, upload);
        if (!sending.IsCompletedSuccessfully)
        {
            pendingSend = sending.AsTask();
        }

        var fault = await ReadHeadAsync(isHeadRequest);
        if (fault is not null && pendingSend is { IsFaulted: true } && fault.Kind == FaultKind.NoAnswer)
        {
            fault = new UpstreamFault(FaultKind.SendFailed, pendingSend.Exception.GetBaseException().Message);
        }

        return Fault = fault;
    }

    /// <summary>Decodes the next run of payload out of what was received. The span is valid until the next receive.</summary>
    public BodyStep Next(out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (Fault is not null)
        {
            return BodyStep.Fault;
        }

        var step = body.Next(received.Bytes, out var consumed, out payload);
        received.Consume(consumed);
        return step == BodyStep.Fault ? Fail(FaultKind.MalformedBody, "the chunked framing of the answer is broken") : step;
    }

    /// <summary>Starts to receive; give the awaited count to <see cref="Received"/>. Throws what the stream throws.</summary>
    public ValueTask<int> ReceiveAsync() => stream.ReadAsync(received.Room());

    /// <summary>Takes in <paramref name="count"/> bytes that were received; 0 is the end of the connection.</summary>
    public void Received(int count)
    {
        received.Received(count);
        if (count == 0 && !body.EndOfConnection())
        {
            Fail(IsAborted ? FaultKind.Aborted : FaultKind.BodyCut, "the connection was closed before the answer was complete");
        }
    }

    /// <summary>Records what a receive threw.</summary>
    public void ReceiveFailed(Exception failure) => Fail(IsAborted ? FaultKind.Aborted : FaultKind.BodyCut, failure.Message);

    /// <summary>True for what streams throw when a connection breaks or is aborted.</summary>
    public static bool IsTransportFailure(Exception e) => e is IOException or SocketException or ObjectDisposedException;

    /// <summary>Closes the connection now, from any thread: pending receives and sends end, and the upstream sees the close.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref aborted, 1) != 0)
        {
            return;
        }

        if (socket is not null)
        {
            socket.Dispose();
        }
        else
        {
            stream.Dispose();
        }
    }

    /// <summary>Waits until a send that is still under way has let go of its buffers, aborting it.</summary>
    public async ValueTask StopSendingAsync()
    {
        if (pendingSend is { IsCompletedSuccessfully: false } send)
        {
            Abort();
            await send.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Lets go of the receive buffer while the connection is idle.</summary>
    internal void Rest() => received.Release();

    /// <inheritdoc/>
    public void Dispose()
    {
        Abort();
        stream.Dispose();
        received.Release();
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> request, Func<Stream, Task>? upload)
    {
        await stream.WriteAsync(request);
        if (upload is not null)
        {
            await upload(stream);
        }
    }

    private async ValueTask<UpstreamFault?> ReadHeadAsync(bool isHeadRequest)
    {
        while (true)
        {
            var headEnd = ResponseHeadParser.FindEnd(received.Bytes);
            if (headEnd >= 0)
            {
                if (ResponseHeadParser.Parse(received.Bytes[..headEnd], Head) is { } wrong)
                {
                    return new UpstreamFault(FaultKind.MalformedHead, wrong);
                }

                received.Consume(headEnd);
                if (Head.Status == 101)
                {
                    return new UpstreamFault(FaultKind.MalformedHead, "the upstream switched protocols unasked");
                }

                if (Head.Status >= 200)
                {
                    body = ResponseBody.After(Head, isHeadRequest);
                    return null;
                }

                // Interim answers (RFC 9110 section 15.2) speak to us, not to the client.
                continue;
            }

            if (received.Count >= MaxHeadBytes)
            {
                return new UpstreamFault(FaultKind.MalformedHead, $"the response head is longer than {MaxHeadBytes / 1024} KB");
            }

            if (await ReceiveHeadAsync() is { } fault)
            {
                return fault;
            }
        }
    }

    private async ValueTask<UpstreamFault?> ReceiveHeadAsync()
    {
        int count;
        try
        {
            count = await stream.ReadAsync(received.Room());
        }
        catch (Exception e) when (IsTransportFailure(e))
        {
            return new UpstreamFault(IsAborted ? FaultKind.Aborted : FaultKind.NoAnswer, e.Message);
        }

        received.Received(count);
        if (count == 0)
        {
            return IsAborted ? new UpstreamFault(FaultKind.Aborted, "given up")
                : received.Count == 0 ? new UpstreamFault(FaultKind.NoAnswer, "the connection was closed without an answer")
                : new UpstreamFault(FaultKind.MalformedHead, "the connection was closed inside the response head");
        }

        var seen = Math.Min(received.Count, 5);
        return received.Bytes[..seen].SequenceEqual("HTTP/"u8[..seen])
            ? null
            : new UpstreamFault(FaultKind.MalformedHead, "the answer is not HTTP");
    }

    private BodyStep Fail(FaultKind kind, string detail)
    {
        Fault ??= new UpstreamFault(kind, detail);
        return BodyStep.Fault;
    }
}
