using System.Diagnostics.CodeAnalysis;

namespace Tuppence.Exchange;

/// <summary>
/// Reads a raw request target. Messages paths are recognised in the forms front ends produce (doubled slashes, a missing or a
/// doubled <c>/v1</c>); everything else goes on byte for byte.
/// </summary>
internal static class Router
{
    /// <summary>Finds the route, or says why there is none.</summary>
    public static bool TryMatch(string rawTarget, out Route route, [NotNullWhen(false)] out GatewayError? error)
    {
        error = null;
        // The two forms of nearly all requests, without looking further.
        if (rawTarget is "/v1/messages" or "/v1/messages?beta=true")
        {
            route = new Route(Surface.Messages, rawTarget);
            return true;
        }

        route = default;
        var target = OriginForm(rawTarget);
        if (target is null)
        {
            error = new GatewayError(ErrorKind.BadTarget, "The request target must be a path that begins with “/”.");
            return false;
        }

        var queryAt = target.IndexOf('?', StringComparison.Ordinal);
        var path = queryAt < 0 ? target : target[..queryAt];
        if (HasDotSegment(path))
        {
            // Passed on, they could leave the upstream's path prefix; resolved here, the bytes would no longer be the client's.
            error = new GatewayError(ErrorKind.BadTarget, "The path holds “.” or “..” segments. Send it without them.");
            return false;
        }

        route = Match(path, queryAt < 0 ? "" : target[queryAt..], target);
        return true;
    }

    private static Route Match(string path, string query, string target)
    {
        switch (path)
        {
            case "/" or "/docs" or "/docs/":
                return new Route(Surface.FrontPage, target);
            case "/health":
                return new Route(Surface.Health, target);
            case "/tuppence/cache":
                return new Route(Surface.Cache, target);
            case "/tuppence/budgets":
                return new Route(Surface.Budgets, target);
            case "/auth/login" or "/auth/status" or "/auth/logout":
                return new Route(Surface.SignIn, target);
            case "/favicon.ico" or "/favicon.svg":
                return new Route(Surface.Asset, target);
        }

        if (path.StartsWith("/docs/", StringComparison.Ordinal))
        {
            return new Route(Surface.Docs, path);
        }

        if (path.StartsWith("/tuppence/api/", StringComparison.Ordinal))
        {
            return new Route(Surface.DashboardApi, target);
        }

        if (path.StartsWith("/tuppence/app/", StringComparison.Ordinal))
        {
            return new Route(Surface.DashboardApp, path);
        }

        if (!path.Contains("messages", StringComparison.Ordinal) && !path.EndsWith("/models", StringComparison.Ordinal))
        {
            return new Route(Surface.Relay, target);
        }

        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (preset, at) = segments switch
        {
            ["v1", "v1", ..] => (null, 2),
            ["v1", "messages", ..] => (null, 1),
            ["v1", var name, "v1", "messages" or "models", ..] => (name, 3),
            ["v1", var name, "messages", ..] => (name, 2),
            ["v1", var name, "models"] => (name, 2),
            ["messages", ..] => (null, 0),
            _ => ((string?)null, -1),
        };

        return (at < 0 ? [] : segments.AsSpan(at)) switch
        {
            ["messages"] => Shaped(Surface.Messages, "/v1/messages", path, query, preset),
            ["messages", "count_tokens"] => Shaped(Surface.CountTokens, "/v1/messages/count_tokens", path, query, preset),
            ["models"] when preset is not null => new Route(Surface.Relay, "/v1/models" + query, Uri.UnescapeDataString(preset)),
            // Batches and the like keep their bytes; only what stands before “messages” is put right.
            ["messages", ..] when preset is null => new Route(Surface.Relay, path.StartsWith("/v1/messages/", StringComparison.Ordinal)
                ? target
                : string.Concat("/v1", path.AsSpan(path.IndexOf("/messages/", StringComparison.Ordinal)), query)),
            _ => new Route(Surface.Relay, target),
        };
    }

    private static Route Shaped(Surface surface, string canonical, string path, string query, string? preset)
    {
        var isDryRun = TakeDryRun(ref query);
        // “/v1/messages/” and the like: a trailing slash is sloppiness too.
        return new Route(surface, (path == canonical ? path : canonical) + query, preset is null ? null : Uri.UnescapeDataString(preset), isDryRun);
    }

    /// <summary>Takes <c>dry-run=true</c> out of a query; it is ours, not the upstream's.</summary>
    private static bool TakeDryRun(ref string query)
    {
        if (!query.Contains("dry-run", StringComparison.Ordinal))
        {
            return false;
        }

        var kept = query[1..].Split('&').Where(static pair => pair is not ("dry-run=true" or "dry-run=1" or "dry-run")).ToArray();
        var found = kept.Length < query.AsSpan(1).Count('&') + 1;
        query = kept.Length == 0 ? "" : "?" + string.Join('&', kept);
        return found;
    }

    /// <summary>A target in absolute form (RFC 9112 section 3.2.2) without its scheme and authority, which the server has checked against Host.</summary>
    private static string? OriginForm(string target)
    {
        if (target.StartsWith('/'))
        {
            return target;
        }

        var authority = target.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
        {
            return null;
        }

        var path = target.AsSpan(authority + 3).IndexOfAny('/', '?');
        return path < 0 ? "/" : target[authority + 3 + path] == '?' ? "/" + target[(authority + 3 + path)..] : target[(authority + 3 + path)..];
    }

    private static bool HasDotSegment(string path)
    {
        // To whoever decodes it later “%2e” is a dot (RFC 3986 section 6.2.2.2), and “%2f”, “%5c” and “\” may be slashes.
        var decoded = path.AsSpan().ContainsAny('%', '\\')
            ? path.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase).Replace("%2f", "/", StringComparison.OrdinalIgnoreCase)
                .Replace("%5c", "/", StringComparison.OrdinalIgnoreCase).Replace('\\', '/')
            : path;
        foreach (var range in decoded.AsSpan().Split('/'))
        {
            if (decoded.AsSpan(range) is "." or "..")
            {
                return true;
            }
        }

        return false;
    }
}
