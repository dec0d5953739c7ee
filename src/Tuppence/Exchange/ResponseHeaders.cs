using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Exchange;

/// <summary>The upstream's status and header lines, as the client gets them: all but hop-by-hop fields, cookies and the request id of another Tuppence.</summary>
internal static class ResponseHeaders
{
    /// <summary>Tells Tuppence's own id of the request.</summary>
    public const string RequestIdName = "x-tuppence-request-id";

    private static readonly FrozenSet<string> Kept = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Set-Cookie", RequestIdName);


    /// <summary>Copies <paramref name="head"/> onto a response that has not started.</summary>
    /// <param name="head">The upstream's.</param>
    /// <param name="response">Ours.</param>
    /// <param name="mayGrow">True where Tuppence may add to the body, so that its length must stay open.</param>
    public static void Copy(ResponseHead head, HttpResponse response, bool mayGrow)
    {
        response.StatusCode = head.Status;
        var named = head.Find("Connection");
        foreach (ref readonly var line in head.Lines)
        {
            if (Kept.Contains(line.Name) || (mayGrow && line.Name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)) || ConnectionOptions.Name(named, line.Name))
            {
                continue;
            }

            // Append would leave out a line whose value is empty.
            var earlier = response.Headers[line.Name];
            response.Headers[line.Name] = earlier.Count == 0 ? line.Value : StringValues.Concat(earlier, line.Value);
        }
    }
}
