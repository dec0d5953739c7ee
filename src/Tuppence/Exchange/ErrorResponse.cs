using System.Globalization;
using Tuppence.Messages.Errors;

namespace Tuppence.Exchange;

/// <summary>Answers with an error of Tuppence's own, in the Messages API's form.</summary>
internal static class ErrorResponse
{
    /// <summary>Writes status, headers and body. The response must not have started.</summary>
    public static async Task WriteAsync(HttpContext context, GatewayError error)
    {
        var body = ErrorBody.Write(error.Type, error.Message);
        var response = context.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        if (error.Kind == ErrorKind.Overloaded)
        {
            response.Headers.RetryAfter = "1";
        }

        if (error.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (error.Kind == ErrorKind.CountingNotServed || !error.MayRetry)
        {
            // The SDKs retry 429 and every status from 500 on, and these do not change.
            response.Headers["x-should-retry"] = "false";
        }

        if (error.Kind is ErrorKind.AmbiguousFraming or ErrorKind.UpgradeRefused or ErrorKind.BodyTooLarge or ErrorKind.ClientTooSlow)
        {
            // Where this request ends is not known or not worth waiting for, so no other can follow it.
            response.Headers.Connection = "close";
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.BodyWriter.WriteAsync(body);
        }
    }
}
