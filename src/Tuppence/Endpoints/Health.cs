using Tuppence.Exchange;

namespace Tuppence.Endpoints;

/// <summary><c>GET /health</c>: 200 while requests are welcome, 503 once the gateway is stopping.</summary>
internal static class Health
{
    /// <summary>Answers.</summary>
    public static Task AnswerAsync(HttpContext context, GatewayState state)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return MethodNotAllowed.AnswerAsync(context);
        }

        context.Response.StatusCode = state.IsStopping ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.BodyWriter.WriteAsync((state.IsStopping ? """{"status":"stopping"}"""u8 : """{"status":"ok"}"""u8).ToArray()).AsTask();
    }
}
