using System.Net;

namespace Tuppence.Upstreams.OAuth;

/// <summary>The parameters with which a browser comes back (RFC 6749 section 4.1.2, RFC 9207 section 2).</summary>
/// <param name="State">The <c>state</c>, or null.</param>
/// <param name="Issuer">The <c>iss</c>, or null.</param>
/// <param name="Code">The authorization code, or null.</param>
/// <param name="Error">The error code, or null.</param>
/// <param name="ErrorDescription">The server's words, or null.</param>
internal sealed record CallbackQuery(string? State, string? Issuer, string? Code, string? Error, string? ErrorDescription)
{
    /// <summary>Reads a query without its question mark. One that names a parameter twice has none (RFC 6749 section 3.1).</summary>
    public static CallbackQuery Read(string query)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (pair, "") : (pair[..equals], pair[(equals + 1)..]);
            if (!values.TryAdd(WebUtility.UrlDecode(name), WebUtility.UrlDecode(value)))
            {
                return new CallbackQuery(null, null, null, null, null);
            }
        }

        return new CallbackQuery(
            values.GetValueOrDefault("state"), values.GetValueOrDefault("iss"), values.GetValueOrDefault("code"), values.GetValueOrDefault("error"), values.GetValueOrDefault("error_description"));
    }
}
