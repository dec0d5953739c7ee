namespace Tuppence.Endpoints;

/// <summary>The icon of our pages, under both names that browsers ask for.</summary>
internal static class Assets
{
    private static readonly byte[] Icon = EmbeddedText.ReadBytes("favicon.svg");

    /// <summary>Answers.</summary>
    public static Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return MethodNotAllowed.AnswerAsync(context);
        }

        context.Response.ContentType = "image/svg+xml";
        context.Response.ContentLength = Icon.Length;
        context.Response.Headers.CacheControl = "max-age=86400";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.BodyWriter.WriteAsync(Icon).AsTask();
    }
}
