using Tuppence.Exchange;

namespace Tuppence.Endpoints;

/// <summary><c>GET /metrics</c>, where <c>telemetry.prometheus</c> asks for it: counts, costs and durations as Prometheus reads them. No content, no key.</summary>
internal static class MetricsPage
{
    /// <summary>Answers.</summary>
    public static Task AnswerAsync(HttpContext context, GatewayState state)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return MethodNotAllowed.AnswerAsync(context);
        }

        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        // A reload may have turned it off since the request was routed.
        var body = state.Metrics?.Write(state) ?? [];
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.BodyWriter.WriteAsync(body).AsTask();
    }
}
