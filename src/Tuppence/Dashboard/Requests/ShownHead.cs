using System.Buffers;
using System.Collections.Frozen;
using Microsoft.AspNetCore.Http.Features;

namespace Tuppence.Dashboard.Requests;

/// <summary>First line and header lines of a request or an answer, its secrets masked as it is made: <c>Head</c> of the contract.</summary>
/// <param name="Line">The first line.</param>
/// <param name="Headers">The header lines.</param>
internal sealed record ShownHead(string Line, IReadOnlyList<(string Name, string Value)> Headers)
{
    private const string Masked = "***";

    // Parts of names of headers and parameters whose values prove something.
    private static readonly SearchValues<string> Telling = SearchValues.Create(
        ["auth", "key", "token", "secret", "cookie", "pass", "credential", "signature", "session", "assertion"], StringComparison.OrdinalIgnoreCase);

    // Parts of values that prove something: keys of Anthropic's, and signatures.
    private static readonly SearchValues<string> Secrets = SearchValues.Create(["sk-", "Signature="], StringComparison.OrdinalIgnoreCase);

    // What nearly every request or answer has, so that it need not be searched.
    private static readonly FrozenSet<string> Plain = FrozenSet.ToFrozenSet(
        [
            "Host", "Accept", "Accept-Encoding", "Accept-Language", "Connection", "Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding", "User-Agent", "Date", "Server",
            "Cache-Control", "anthropic-version", "anthropic-beta", "request-id", "x-request-id", "x-tuppence-edits", "x-tuppence-cache", "x-tuppence-upstream",
        ],
        StringComparer.OrdinalIgnoreCase);

    // What has such a part and yet proves nothing.
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset",
        "anthropic-ratelimit-input-tokens-limit", "anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset",
        "anthropic-ratelimit-output-tokens-limit", "anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset",
        "www-authenticate",
    };

    /// <summary>Of a request.</summary>
    public static ShownHead OfRequest(HttpContext context)
    {
        var request = context.Request;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return new ShownHead($"{request.Method} {MaskQuery(target)} {request.Protocol}", Mask(request.Headers));
    }

    /// <summary>Of the answer.</summary>
    public static ShownHead OfResponse(HttpContext context) => new($"{context.Request.Protocol} {context.Response.StatusCode}", Mask(context.Response.Headers));

    private static List<(string, string)> Mask(IHeaderDictionary headers)
    {
        var shown = new List<(string, string)>(headers.Count);
        foreach (var (name, lines) in headers)
        {
            foreach (var line in lines)
            {
                shown.Add((name, IsTelling(name) || IsSecret(line ?? "") ? Masked : line ?? ""));
            }
        }

        return shown;
    }

    private static bool IsTelling(string name) => !Plain.Contains(name) && name.AsSpan().ContainsAny(Telling) && !Harmless.Contains(name);

    // Keys of Anthropic's, JSON Web Tokens (RFC 7519), and schemes of RFC 9110 section 11, under whatever name.
    private static bool IsSecret(string value) =>
        value.StartsWith("eyJ", StringComparison.Ordinal)
        || value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || value.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)
        || value.AsSpan().ContainsAny(Secrets);

    // Of a query the names, and the values that Tuppence knows.
    private static string MaskQuery(string target)
    {
        var at = target.IndexOf('?', StringComparison.Ordinal);
        return at < 0 ? target : target[..(at + 1)] + string.Join('&', target[(at + 1)..].Split('&').Select(static pair =>
            pair.Split('=', 2) is [var name, { Length: > 0 }] && name is not ("beta" or "limit" or "before_id" or "after_id" or "dry-run") ? $"{name}={Masked}" : pair));
    }
}
