using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Upstreams.OAuth;

/// <summary>Refreshes grants of one upstream at the endpoint that was pinned when the person signed in.</summary>
/// <param name="http">Sends requests; made by <see cref="OAuthTransport"/>.</param>
/// <param name="client">The registration in force: its secret and resource go along where the grant is its own.</param>
public sealed class GrantRefresher(HttpMessageInvoker http, ClientRegistration client) : IGrantRefresher
{
    /// <inheritdoc/>
    public Task<TokenResult> RefreshAsync(StoredGrant grant, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(grant);
        if (grant.RefreshToken is null)
        {
            return Reject(TokenProblemKind.GrantRejected, "The issuer gave no refresh token, so the sign-in ends with its access token. Scope offline_access usually asks for one.");
        }

        if (grant.Issuer != client.Issuer || grant.ClientId != client.ClientId)
        {
            return Reject(TokenProblemKind.GrantRejected, $"The sign-in is from the issuer {grant.Issuer} or for a client that is no longer configured for the upstream “{client.Upstream}”.");
        }

        var issuer = new Uri(grant.Issuer);
        return EndpointRules.Problem(grant.TokenEndpoint, issuer) is { } problem
            ? Reject(TokenProblemKind.ClientRejected, $"The token endpoint {grant.TokenEndpoint} cannot be used: {problem}.")
            : new TokenEndpoint(http, grant.TokenEndpoint, grant.ClientId, client.ClientSecret, grant.SecretInBody).RefreshAsync(grant.RefreshToken, client.Resource, cancellation);
    }

    private static Task<TokenResult> Reject(TokenProblemKind kind, string detail) => Task.FromResult(TokenResult.Of(new TokenProblem(kind, null, detail)));
}
