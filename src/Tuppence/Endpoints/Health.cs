using System.Buffers;
using System.Net;
using System.Text.Json;
using Tuppence.Exchange;

namespace Tuppence.Endpoints;

/// <summary>
/// <c>GET /health</c>: 200 while requests are welcome, 503 once the gateway is stopping; and how each upstream in use fares. That one is
/// passed over is no reason to restart the gateway, so it changes no status.
/// </summary>
internal static class Health
{
    /// <summary>Answers. Beyond loopback, where keys are asked for, the upstreams are nobody's business.</summary>
    public static Task AnswerAsync(HttpContext context, Gateway gateway, GatewayState state)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return MethodNotAllowed.AnswerAsync(context);
        }

        context.Response.StatusCode = state.IsStopping ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        var isPrivate = gateway.Keys.AreRequired && context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address);
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.BodyWriter.WriteAsync(Write(state.IsStopping, isPrivate ? [] : gateway.Choice.InUse)).AsTask();
    }

    /// <summary>The state of a breaker in a word.</summary>
    public static string Word(BreakerState state) => state switch
    {
        BreakerState.Closed => "ok",
        BreakerState.Open => "open",
        BreakerState.HalfOpen => "half_open",
        _ => "out_of_quota",
    };

    private static ReadOnlyMemory<byte> Write(bool isStopping, IEnumerable<Upstream> upstreams)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, isStopping ? "stopping"u8 : "ok"u8);
            json.WriteStartObject("upstreams"u8);
            foreach (var upstream in upstreams)
            {
                json.WriteString(upstream.Name, Word(upstream.Breaker.State));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
