using Tuppence.Exchange;

namespace Tuppence.Endpoints;

/// <summary>The answer to a method that a page of ours does not know.</summary>
internal static class MethodNotAllowed
{
    /// <summary>405 with <c>Allow</c> (RFC 9110 section 15.5.6).</summary>
    public static Task AnswerAsync(HttpContext context, string allow = "GET, HEAD")
    {
        context.Response.Headers.Allow = allow;
        return ErrorResponse.WriteAsync(context, new GatewayError(
            ErrorKind.MethodNotAllowed,
            $"{context.Request.Method} is not possible here. Requests to Claude go to /v1/messages on this gateway."));
    }
}
