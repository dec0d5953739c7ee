using Tuppence.Configuration;
using Tuppence.Messages.Batches;
using Tuppence.Messages.Requests;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Exchange;

/// <summary>Lets <c>results_url</c> in answers about message batches lead to the gateway. Decision 14.</summary>
internal static class BatchAnswer
{
    /// <summary>A longer answer passes as it is. A list of 1,000 batches takes about 600 KB.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    private const string Path = "/v1/messages/batches";

    /// <summary>True where the request is about batches, but is not for their results: its answer must come uncompressed.</summary>
    public static bool IsAskedFor(GatewayConfig config, string method, in Route route)
    {
        if (!config.RewriteResultsUrl || route.Surface != Surface.Relay || !route.Target.StartsWith(Path, StringComparison.Ordinal) || HttpMethods.IsHead(method))
        {
            return false;
        }

        var path = route.Target.AsSpan();
        path = path.IndexOf('?') is >= 0 and var query ? path[..query] : path;
        return (path.Length == Path.Length || path[Path.Length] == '/') && !path.EndsWith("/results");
    }

    /// <summary>True where the answer can be rewritten.</summary>
    public static bool IsToBeRewritten(GatewayConfig config, string method, in Route route, ResponseHead head) =>
        head is { Status: 200, IsEncoded: false } && IsAskedFor(config, method, route)
        && head.Find("content-type")?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Takes the answer in whole and changes what is to be changed; all else goes on as it came.</summary>
    public static async ValueTask RewriteAsync(HttpContext context, GatewayConfig config, HeldAnswer held)
    {
        if (!await held.HoldAsync(static bytes => bytes.Length > MostBytes))
        {
            return;
        }

        var answer = held.Bytes;
        var splices = new Splices();
        if (!ResultsUrl.TryRewrite(answer.Span, config.PublicUrl ?? $"http://{context.Request.Headers.Host}", splices))
        {
            return;
        }

        var changed = new byte[splices.OutputLength(answer.Length)];
        splices.CopyTo(answer.Span, changed);
        held.Replace(changed);
        if (context.Response.ContentLength is not null)
        {
            context.Response.ContentLength = changed.Length;
        }
    }
}
