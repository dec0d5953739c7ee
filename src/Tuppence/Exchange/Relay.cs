using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Tuppence.Messages.Errors;
using Tuppence.Messages.Sse;
using Tuppence.Telemetry;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Exchange;

/// <summary>
/// Passes one response body on, run by run as it arrives, while an <see cref="SseBoundary"/> reads the same bytes. Nothing is held
/// back and nothing is allocated per event. Only two things are ever added: a ping into silence, and the error event that ends a
/// stream which the upstream broke off.
/// </summary>
/// <param name="context">The client's side; headers are set, nothing is sent.</param>
/// <param name="connection">The upstream's side; the head is read.</param>
/// <param name="watch">Time limits and pings.</param>
/// <param name="explain">Turns a fault into what the client is told.</param>
internal sealed class Relay(HttpContext context, UpstreamConnection connection, StreamWatch watch, Func<UpstreamFault, GatewayError> explain)
{
    private static readonly byte[] PingEvent = "event: ping\ndata: {\"type\": \"ping\"}\n\n"u8.ToArray();

    private readonly PipeWriter client = context.Response.BodyWriter;

    // Compressed bytes take no additions; other types have no events.
    private readonly bool isReadableStream = connection.Head is { IsEventStream: true, IsEncoded: false };
    private SseBoundary boundary;
    private ArrayBufferWriter<byte>? held;
    private bool isStarted;
    private bool isWatched;

    /// <summary>Where each run of the body is written as text; null, as nearly always: nowhere.</summary>
    public ILogger? BodyLog { get; init; }

    /// <summary>The fault that broke the answer off, if one did.</summary>
    public UpstreamFault? Fault { get; private set; }

    /// <summary>Bytes of body that came from the upstream.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>What <see cref="HoldAsync"/> has taken in. It is passed on first.</summary>
    public ReadOnlyMemory<byte> Held => held is null ? default : held.WrittenMemory;

    /// <summary>Takes in the body without passing it on, until <paramref name="isEnough"/> or until no more comes. True where the body ended in order.</summary>
    public async ValueTask<bool> HoldAsync(Func<ReadOnlyMemory<byte>, bool> isEnough)
    {
        held = new ArrayBufferWriter<byte>(4 * 1024);
        watch.BeginBody(null);
        while (true)
        {
            BodyStep step;
            while ((step = Next(out var payload)) == BodyStep.Payload)
            {
                held.Write(payload);
                if (isEnough(held.WrittenMemory))
                {
                    return false;
                }
            }

            if (step != BodyStep.NeedsMore)
            {
                return step == BodyStep.End;
            }

            watch.Exit();
            try
            {
                connection.Received(await connection.ReceiveAsync());
            }
            catch (Exception e) when (UpstreamConnection.IsTransportFailure(e))
            {
                connection.ReceiveFailed(e);
            }

            await watch.EnterAsync();
        }
    }

    /// <summary>Puts <paramref name="body"/> in the place of what is held.</summary>
    public void Replace(ReadOnlySpan<byte> body)
    {
        held = new ArrayBufferWriter<byte>(body.Length);
        held.Write(body);
    }

    /// <summary>Relays until the answer ends, breaks or loses its client.</summary>
    public async Task<RelayOutcome> RunAsync()
    {
        while (true)
        {
            var hasNew = PassHeld();
            BodyStep step;
            while ((step = Next(out var payload)) == BodyStep.Payload)
            {
                Pass(payload);
                hasNew = true;
            }

            if (step == BodyStep.End)
            {
                // What is not flushed yet is the caller's to flush, once the connection is free again.
                return RelayOutcome.Complete;
            }

            if (step == BodyStep.Fault)
            {
                return await BreakOffAsync();
            }

            // Head and first bytes leave together where both are here; a head alone leaves at once.
            if ((hasNew || !isStarted) && await FlushAsync())
            {
                connection.Abort();
                return RelayOutcome.ClientLeft;
            }

            // Only an answer that does not come in one piece needs watching.
            if (!isWatched)
            {
                isWatched = true;
                watch.BeginBody(isReadableStream ? PingAsync : null);
            }

            watch.Exit();
            try
            {
                connection.Received(await connection.ReceiveAsync());
            }
            catch (Exception e) when (UpstreamConnection.IsTransportFailure(e))
            {
                connection.ReceiveFailed(e);
            }

            await watch.EnterAsync();
        }
    }

    /// <summary>The next run of what the client is to get. Every way of reading the body comes through here.</summary>
    private BodyStep Next(out ReadOnlySpan<byte> payload) => connection.Next(out payload);

    private void Pass(ReadOnlySpan<byte> payload)
    {
        client.Write(payload);
        if (isReadableStream)
        {
            boundary.Feed(payload);
        }

        if (BodyLog is not null)
        {
            Log.AnswerBody(BodyLog, Encoding.UTF8.GetString(payload));
        }

        BodyBytes += payload.Length;
    }

    private bool PassHeld()
    {
        if (held is not { WrittenCount: > 0 } first)
        {
            return false;
        }

        held = null;
        Pass(first.WrittenSpan);
        return true;
    }

    private ValueTask<bool> FlushAsync()
    {
        isStarted = true;
        var flush = client.FlushAsync();
        return flush.IsCompletedSuccessfully ? new(flush.Result.IsCompleted) : EndAsync(flush);

        static async ValueTask<bool> EndAsync(ValueTask<FlushResult> flush) => (await flush).IsCompleted;
    }

    private async ValueTask PingAsync()
    {
        // Inside a half-sent event a ping would become part of it.
        if (boundary.IsAtBoundary)
        {
            await client.WriteAsync(PingEvent);
        }
    }

    private async Task<RelayOutcome> BreakOffAsync()
    {
        Fault = watch.Fault ?? connection.Fault!;
        if (context.RequestAborted.IsCancellationRequested)
        {
            return RelayOutcome.ClientLeft;
        }

        if (!isStarted && BodyBytes == 0)
        {
            return RelayOutcome.BrokenBeforeStart;
        }

        if (!isReadableStream)
        {
            // The only way to say “not whole” inside a body of a declared or compressed form.
            await client.FlushAsync();
            context.Abort();
            return RelayOutcome.Broken;
        }

        if (boundary.Terminal == SseTerminal.None)
        {
            var error = explain(Fault);
            if (!boundary.IsAtBoundary)
            {
                // Ends the half event that the client has, so that ours is read as one of its own.
                client.Write("\n\n"u8);
            }

            await client.WriteAsync(ErrorBody.WriteEvent(error.Type, error.Message));
        }

        return RelayOutcome.Broken;
    }
}
