using Tuppence.Exchange;

namespace Tuppence.Endpoints;

/// <summary>The answer to anything but GET and HEAD on our own pages.</summary>
internal static class MethodNotAllowed
{
    /// <summary>405 with <c>Allow</c> (RFC 9110 section 15.5.6).</summary>
    public static Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, HEAD";
        return ErrorResponse.WriteAsync(context, new GatewayError(
            ErrorKind.MethodNotAllowed,
            $"{context.Request.Method} is not possible here. Requests to Claude go to /v1/messages on this gateway."));
    }
}
