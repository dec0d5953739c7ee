using System.Net;
using Duende.IdentityModel.Client;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Upstreams.OAuth;

/// <summary>Gives tokens back to their issuer (RFC 7009): the refresh token first, since the rest hangs on it, then the access token.</summary>
/// <param name="http">Sends requests; made by <see cref="OAuthTransport"/>.</param>
/// <param name="clientSecret">Secret of a confidential client, or null.</param>
public sealed class GrantRevoker(HttpMessageInvoker http, Secret? clientSecret)
{
    /// <summary>Tries once. Gives what was not revoked and why, in words for people; empty where all was.</summary>
    public async Task<IReadOnlyList<string>> RevokeAsync(StoredGrant grant, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(grant);
        var expiry = grant.Lifetime is { } life ? $"; the access token ends by itself at {(grant.IssuedAt + life).UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "";
        if (grant.RevocationEndpoint is not { } endpoint)
        {
            return [$"The issuer {grant.Issuer} has no revocation endpoint, so the tokens were not revoked there{expiry}."];
        }

        if (EndpointRules.Problem(endpoint, new Uri(grant.Issuer)) is { } refused)
        {
            return [$"The revocation endpoint {endpoint} cannot be used: {refused}; the tokens were not revoked."];
        }

        var left = new List<string>();
        if (grant.RefreshToken is { } refresh && await SendAsync(grant, endpoint, refresh, "refresh_token", cancellation) is { } problem)
        {
            left.Add($"The refresh token was not revoked: {problem}. It stays valid at {grant.Issuer} until it ends there by itself; sign out there, or tell whoever runs it.");
        }

        if (await SendAsync(grant, endpoint, grant.AccessToken, "access_token", cancellation) is { } open && (left.Count > 0 || grant.RefreshToken is null))
        {
            // Where the refresh token is gone, a server that does not know access tokens here says nothing new.
            left.Add($"The access token was not revoked: {open}{expiry}.");
        }

        return left;
    }

    private async Task<string?> SendAsync(StoredGrant grant, Uri endpoint, Secret token, string hint, CancellationToken cancellation)
    {
        using var request = new TokenRevocationRequest
        {
            Address = endpoint.OriginalString,
            ClientId = grant.ClientId!,
            ClientSecret = clientSecret?.Reveal(),
            ClientCredentialStyle = clientSecret is null || grant.SecretInBody ? ClientCredentialStyle.PostBody : ClientCredentialStyle.AuthorizationHeader,
            AuthorizationHeaderStyle = BasicAuthenticationHeaderStyle.Rfc6749,
            Token = token.Reveal(),
            TokenTypeHint = hint,
        };
        var answer = await http.RevokeTokenAsync(request, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return answer.Exception is HttpRequestException failure ? "the issuer gave no answer (" + ServerWords.Clean(failure.Message, grant.RefreshToken, grant.AccessToken, clientSecret) + ")"
            : answer.HttpStatusCode == HttpStatusCode.OK ? null
            : answer.HttpStatusCode == HttpStatusCode.ServiceUnavailable ? "the issuer is busy (503); try again later"
            : $"the issuer answered {(int)answer.HttpStatusCode} {ServerWords.Clean(answer.Error, grant.RefreshToken, grant.AccessToken, clientSecret)}".TrimEnd();
    }
}
