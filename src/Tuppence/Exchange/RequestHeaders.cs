using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Exchange;

/// <summary>
/// The client's header lines that go upstream. An open list: all pass except hop-by-hop fields and those named in <c>Connection</c>
/// (RFC 9110 section 7.6.1), cookies, browser and forwarding fields, gateway keys, and our own <c>x-tuppence-*</c>.
/// </summary>
internal static class RequestHeaders
{
    private static readonly FrozenSet<string> Kept = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        // hop-by-hop
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        // written anew for the next hop
        "Host", "Content-Length", "Expect",
        // a browser's, never an API client's
        "Cookie", "Origin", "Referer",
        // what names the user's machine or pretends to
        "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Server", "X-Real-IP");

    /// <summary>True where a line of that name stays here, whatever the request.</summary>
    public static bool Stays(string name) =>
        Kept.Contains(name) || (name.StartsWith("x-tuppence-", StringComparison.OrdinalIgnoreCase)) || name.StartsWith(':');

    /// <summary>Copies the client's lines into <paramref name="head"/>.</summary>
    /// <param name="headers">The client's.</param>
    /// <param name="plan">What this request changes on them.</param>
    /// <param name="head">The head being written.</param>
    public static void Copy(IHeaderDictionary headers, HeaderPlan plan, ref RequestHead head)
    {
        var named = headers.Connection;
        foreach (var (name, values) in headers)
        {
            if (Stays(name) || plan.Replaces(name) || IsNamed(named, name))
            {
                continue;
            }

            if (values.Count == 1)
            {
                head.Add(name, values.ToString());
                continue;
            }

            foreach (var value in values)
            {
                head.Add(name, value ?? "");
            }
        }

        plan.WriteAdded(ref head);
    }

    private static bool IsNamed(StringValues connection, string name)
    {
        foreach (var line in connection)
        {
            if (ConnectionOptions.Name(line, name))
            {
                return true;
            }
        }

        return false;
    }
}
