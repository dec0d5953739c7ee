using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Tuppence.Accounting;
using Tuppence.Messages.Errors;
using Tuppence.Messages.Sse;
using Tuppence.Messages.Usage;
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
/// <param name="upstream">Named to the client where the answer breaks off.</param>
/// <param name="held">What was taken in already; it is passed on first.</param>
/// <param name="decoder">Makes events of a provider's own framing; null, as mostly: bytes pass as they come.</param>
internal sealed class Relay(HttpContext context, UpstreamConnection connection, StreamWatch watch, Upstream upstream, HeldAnswer held, IAnswerDecoder? decoder = null)
{
    private static readonly byte[] PingEvent = "event: ping\ndata: {\"type\": \"ping\"}\n\n"u8.ToArray();

    private readonly PipeWriter client = context.Response.BodyWriter;

    private SseBoundary boundary;
    private TappedWriter? tapped;
    private bool isSent;
    private bool isWatched;
    private bool hasBody;

    /// <summary>True for an event stream that is not compressed: its events can be read, and others put between them.</summary>
    public bool IsReadableStream { get; } = decoder is not null || connection.Head is { IsEventStream: true, IsEncoded: false };

    /// <summary>Where each run of the body is written as text; null, as nearly always: nowhere.</summary>
    public ILogger? BodyLog { get; init; }

    /// <summary>Has read the usage off the answer as far as it passed, or null.</summary>
    public UsageReader? Usage { get; init; }

    /// <summary>Takes a copy of the body as it passes, in the client's form; or null.</summary>
    public Unpacking.Taker? Tap { get; init; }

    /// <summary>Called when a run of the body has been passed on, and waited for before the next; or null, as nearly always.</summary>
    public Func<ValueTask>? Passed { get; init; }

    /// <summary>What is told of the request meanwhile.</summary>
    public required RequestRecord Record { get; init; }

    /// <summary>The fault that broke the answer off, if one did.</summary>
    public UpstreamFault? Fault { get; private set; }

    /// <summary>Relays until the answer ends, breaks or loses its client.</summary>
    public async Task<RelayOutcome> RunAsync()
    {
        while (true)
        {
            var hasNew = PassHeld();
            if (held.IsUndecodable)
            {
                return await EndDecodedAsync(decoder!);
            }

            BodyStep step;
            while ((step = connection.Next(out var payload)) == BodyStep.Payload)
            {
                if (!Pass(payload))
                {
                    return await EndDecodedAsync(decoder!);
                }

                hasNew = true;
            }

            if (step == BodyStep.End)
            {
                if (decoder?.TryEnd() == false)
                {
                    return await EndDecodedAsync(decoder);
                }

                // What is not flushed yet is the caller's to flush, once the connection is free again.
                return RelayOutcome.Complete;
            }

            if (step == BodyStep.Fault)
            {
                return await BreakOffAsync();
            }

            // Head and first bytes leave together where both are here; a head alone leaves at once, unless the first frame may still
            // turn out to be an error, which can be told by status as long as nothing has left.
            if ((hasNew || !isSent) && (decoder is null || isSent || decoder.HasEvents))
            {
                isSent = true;
                Record.Open.Output = Usage?.Usage.Output ?? 0;
                if ((await client.FlushAsync()).IsCompleted)
                {
                    connection.Abort();
                    return RelayOutcome.ClientLeft;
                }

                if (Passed is { } passed)
                {
                    await passed();
                }
            }

            // Only an answer that does not come in one piece needs watching.
            if (!isWatched)
            {
                isWatched = true;
                watch.BeginBody(IsReadableStream ? PingAsync : null);
            }

            Record.Clock.Wait();
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
            Record.Clock.Work();
        }
    }

    private bool Pass(ReadOnlySpan<byte> payload)
    {
        if (!HeldAnswer.TryTake(decoder, payload, Tap is null || decoder is null ? client : tapped ??= new TappedWriter(client, Tap)))
        {
            return false;
        }

        if (decoder is null)
        {
            Tap?.Invoke(payload);
        }

        Note(payload);
        return true;
    }

    private bool PassHeld()
    {
        var first = held.Take();
        if (first.IsEmpty)
        {
            return false;
        }

        client.Write(first);
        Tap?.Invoke(first);
        Note(first);
        return true;
    }

    private void Note(ReadOnlySpan<byte> passed)
    {
        // What a decoder writes are whole events.
        if (IsReadableStream && decoder is null)
        {
            boundary.Feed(passed);
        }

        if (BodyLog is not null)
        {
            Log.AnswerBody(BodyLog, Encoding.UTF8.GetString(passed));
        }

        Record.Open.ResponseBytes += passed.Length;
        if (!hasBody)
        {
            hasBody = true;
            Record.Answering();
        }
    }

    private async ValueTask PingAsync()
    {
        // Inside a half-sent event a ping would become part of it.
        if (boundary.IsAtBoundary)
        {
            isSent = true;
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

        if (!isSent && (decoder is null ? !hasBody : !decoder.HasEvents))
        {
            return RelayOutcome.BrokenBeforeStart;
        }

        if (!IsReadableStream)
        {
            // The only way to say “not whole” inside a body of a declared or compressed form.
            await client.FlushAsync();
            context.Abort();
            return RelayOutcome.Broken;
        }

        if (boundary.Terminal == SseTerminal.None && decoder is not { IsOver: true })
        {
            var error = UpstreamErrors.Explain(Fault, upstream);
            if (!boundary.IsAtBoundary)
            {
                // Ends the half event that the client has, so that ours is read as one of its own.
                client.Write("\n\n"u8);
            }

            await client.WriteAsync(ErrorBody.WriteEvent(error.Type, error.Message));
        }

        return RelayOutcome.Broken;
    }

    /// <summary>The provider, or the bytes of its framing, ended the answer: told by status where nothing has left, else in the stream.</summary>
    private async Task<RelayOutcome> EndDecodedAsync(IAnswerDecoder decoded)
    {
        connection.Abort();
        Fault = new UpstreamFault(FaultKind.MalformedBody, decoded.Error!.Message);
        if (!isSent && !decoded.HasEvents)
        {
            return RelayOutcome.BrokenBeforeStart;
        }

        await client.WriteAsync(decoded.IsOver ? default(ReadOnlyMemory<byte>) : ErrorBody.WriteEvent(decoded.Error.Type, decoded.Error.Message));
        return RelayOutcome.Broken;
    }
}
