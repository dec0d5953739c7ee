using System.Text;

namespace Tuppence.Upstreams.OAuth;

/// <summary>Where the browser is sent (RFC 6749 section 4.1.1).</summary>
public static class AuthorizationUrl
{
    /// <summary>Parameters that the protocol sets, so that no configuration may.</summary>
    public static readonly IReadOnlyList<string> Reserved =
        ["response_type", "response_mode", "client_id", "redirect_uri", "state", "nonce", "scope", "resource", "code_challenge", "code_challenge_method", "request", "request_uri"];

    /// <summary>Writes it. A query that the endpoint already has is kept (RFC 6749 section 3.1).</summary>
    internal static Uri Write(ClientRegistration client, Uri endpoint, Uri redirect, string? scope, string state, string? nonce, string challenge)
    {
        var url = new StringBuilder(endpoint.OriginalString).Append(endpoint.Query.Length > 0 ? '&' : '?');
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                url.Append(url[^1] is '?' or '&' ? "" : "&").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        Add("response_type", "code");
        Add("client_id", client.ClientId);
        Add("redirect_uri", redirect.OriginalString);
        Add("scope", scope);
        Add("state", state);
        Add("nonce", nonce);
        Add("code_challenge", challenge);
        Add("code_challenge_method", "S256");
        Add("resource", client.Resource);

        // Without it an OpenID provider may leave offline_access out (OpenID Connect Core 1.0 section 11).
        Add("prompt", Asks(scope, "offline_access") && !client.Parameters.ContainsKey("prompt") ? "consent" : null);
        foreach (var (name, value) in client.Parameters)
        {
            if (!Reserved.Contains(name, StringComparer.Ordinal))
            {
                Add(name, value);
            }
        }

        return new Uri(url.ToString());
    }

    /// <summary>True where the list of scopes has this one.</summary>
    internal static bool Asks(string? scopes, string scope) => scopes is not null && scopes.Split(' ').Contains(scope, StringComparer.Ordinal);
}
