namespace Tuppence.Guard;

/// <summary>CORS for the origins that the user listed, and for none else (https://fetch.spec.whatwg.org/#http-cors-protocol).</summary>
internal static class CrossOrigin
{
    /// <summary>Lets pages of <paramref name="origin"/> read the answer.</summary>
    public static void Allow(HttpContext context, string origin)
    {
        // Set when the head goes out, so that an upstream's own CORS lines do not stand beside ours.
        context.Response.OnStarting(
            static state =>
            {
                var (headers, allowed) = ((IHeaderDictionary, string))state;
                headers.AccessControlAllowOrigin = allowed;
                headers.AccessControlExposeHeaders = "*";
                headers.Append("Vary", "Origin");
                return Task.CompletedTask;
            },
            (context.Response.Headers, origin));
    }

    /// <summary>True for the browser's question whether a request may be sent.</summary>
    public static bool IsPreflight(HttpRequest request) => HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0;

    /// <summary>Answers a preflight of an allowed origin.</summary>
    public static void AnswerPreflight(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.AccessControlAllowMethods = request.Headers.AccessControlRequestMethod;
        response.Headers.AccessControlAllowHeaders = request.Headers.AccessControlRequestHeaders;
        response.Headers.AccessControlMaxAge = "600";
    }
}
