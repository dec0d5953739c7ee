using System.Buffers;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Tuppence.Emulator.Faults;
using Tuppence.Messages.Errors;

namespace Tuppence.Emulator.Http;

/// <summary>One response on its way to the client, and the fault (if any) that befalls it there.</summary>
internal sealed class Wire(HttpContext context, Fault? fault, TimeProvider time, string requestId)
{
    private const int SlicesPerSecond = 10;
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(10);
    private static readonly byte[] NoHttp = [0x16, 0x00, 0xFF, 0xFE, .. "this is not HTTP\n"u8, 0x00, 0x80, .. "\r\n\r\n"u8];

    private long bytes;
    private int events;
    private bool struck;

    /// <summary>Nothing more can be sent.</summary>
    public bool Broken { get; private set; }

    private CancellationToken Left => context.RequestAborted;

    /// <summary>Sends a whole response.</summary>
    public async Task SendAsync(int status, string contentType, ReadOnlyMemory<byte> body)
    {
        if (fault is { Kind: FaultKind.Garbage, Place: GarbagePlace.Body })
        {
            body = body[..(body.Length / 2)];
        }

        // A chunk to spoil is wanted: then the length is left unsaid.
        var chunked = fault is { Kind: FaultKind.Garbage, Place: GarbagePlace.Chunk };
        await StartAsync(status, contentType, chunked ? null : body.Length);
        await PutAsync(body);
        await EndAsync();
    }

    /// <summary>Sends the head, at once.</summary>
    public async Task StartAsync(int status, string contentType, long? length)
    {
        if (fault is { BeforeHead: true })
        {
            await StrikeAsync();
            if (Broken)
            {
                return;
            }
        }

        var response = context.Response;
        (response.StatusCode, response.ContentType, response.ContentLength) = (status, contentType, length);
        if (length is null)
        {
            response.Headers.CacheControl = "no-cache";
        }

        await response.BodyWriter.FlushAsync(Left);
    }

    /// <summary>Sends one event.</summary>
    public async Task WriteEventAsync(ReadOnlyMemory<byte> framed)
    {
        if (fault?.AfterEvents == events || (fault is { StrikesOnFirstEvent: true } && events == 0))
        {
            await StrikeAsync();
        }

        await PutAsync(framed);
        events++;
    }

    /// <summary>Ends the response in order, unless the fault is due now.</summary>
    public async Task EndAsync()
    {
        if (fault?.AfterEvents == events || fault?.AfterBytes == bytes)
        {
            await StrikeAsync();
        }

        if (!Broken)
        {
            await context.Response.CompleteAsync();
        }
    }

    private async Task PutAsync(ReadOnlyMemory<byte> data)
    {
        if (!struck && fault?.AfterBytes is { } limit && bytes + data.Length > limit)
        {
            var before = (int)(limit - bytes);
            await SendSlicesAsync(data[..before]);
            await StrikeAsync();
            data = data[before..];
        }
        else if (fault is { Kind: FaultKind.Garbage, Place: GarbagePlace.Chunk, AfterBytes: null, AfterEvents: null })
        {
            await StrikeAsync();
        }

        await SendSlicesAsync(data);
    }

    private async Task SendSlicesAsync(ReadOnlyMemory<byte> data)
    {
        var slice = fault?.Kind == FaultKind.Slow ? Math.Max(1, fault.BytesPerSecond / SlicesPerSecond) : data.Length;
        while (data.Length > 0 && !Broken)
        {
            var next = data[..Math.Min(slice, data.Length)];
            context.Response.BodyWriter.Write(next.Span);
            await context.Response.BodyWriter.FlushAsync(Left);
            bytes += next.Length;
            data = data[next.Length..];
            if (fault?.Kind == FaultKind.Slow)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)next.Length / fault.BytesPerSecond), time, Left);
            }
        }
    }

    private async Task StrikeAsync()
    {
        if (struck || fault is null)
        {
            return;
        }

        struck = true;
        switch (fault.Kind)
        {
            case FaultKind.ErrorEvent:
                await SendSlicesAsync(ErrorBody.WriteEvent(fault.Error.Type, fault.Error.Message, requestId));
                await context.Response.CompleteAsync();
                Broken = true;
                break;
            case FaultKind.Stall:
                await Task.Delay(fault.For ?? Timeout.InfiniteTimeSpan, time, Left);
                break;
            case FaultKind.Cut:
                await HangUpAsync(default);
                break;
            case FaultKind.Reset:
                Broken = true;
                context.Abort();
                break;
            case FaultKind.Garbage when fault.Place == GarbagePlace.Body:
                await SendSlicesAsync("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"del\n\n"u8.ToArray());
                break;
            case FaultKind.Garbage:
                await HangUpAsync(fault.Place == GarbagePlace.Head ? NoHttp : "zz;not a chunk\r\n\0\r\n"u8.ToArray());
                break;
        }
    }

    // Past the server: what it has in hand is flushed, then its connection is spoken to directly and closed by a FIN.
    private async Task HangUpAsync(ReadOnlyMemory<byte> raw)
    {
        Broken = true;
        var output = context.Features.Get<IConnectionTransportFeature>()!.Transport.Output;
        if (!raw.IsEmpty)
        {
            await output.WriteAsync(raw, Left);
        }

        await output.CompleteAsync();
        try
        {
            await Task.Delay(LongestGoodbye, time, Left);
            context.Abort();
        }
        catch (OperationCanceledException)
        {
            // The connection is closed, which was the purpose.
        }
    }
}
