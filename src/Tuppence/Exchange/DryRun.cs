namespace Tuppence.Exchange;

/// <summary>Answers <c>?dry-run=true</c> with the request as it would have been sent: its bytes as the body, the edits in <c>x-tuppence-edits</c>.</summary>
internal static class DryRun
{
    /// <summary>Answers; nothing is sent anywhere.</summary>
    /// <param name="context">The client's side.</param>
    /// <param name="body">The body after its edits.</param>
    /// <param name="headers">What the request changes on header lines.</param>
    /// <param name="upstream">Where it would have gone.</param>
    /// <param name="route">Its target there.</param>
    public static async Task AnswerAsync(HttpContext context, PooledBody body, HeaderPlan headers, Upstream upstream, Route route)
    {
        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers["x-tuppence-upstream"] = upstream.Name;
        if (upstream.Adapter is not null)
        {
            response.Headers["x-tuppence-target"] = upstream.Origin.PathPrefix + route.Target;
        }

        if (headers.Describe() is { Length: > 0 } changed)
        {
            response.Headers["x-tuppence-header-edits"] = changed;
        }

        await response.BodyWriter.WriteAsync(body.Bytes);
    }
}
