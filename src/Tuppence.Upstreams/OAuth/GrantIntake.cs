using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Upstreams.OAuth;

/// <summary>The end of every sign-in: checks what the token endpoint gave and keeps it.</summary>
internal sealed class GrantIntake(ClientRegistration client, IssuerMetadata issuer, OAuthContext context, IGrantKeeper keeper)
{
    /// <summary>The token endpoint of this sign-in.</summary>
    public TokenEndpoint Tokens { get; } = new(context.Http, issuer.TokenEndpoint, client.ClientId, client.ClientSecret, issuer.WantsSecretInBody);

    /// <summary>Name of the upstream.</summary>
    public string Upstream => client.Upstream;

    /// <summary>Checks the ID token where there is one, makes a grant, and keeps it.</summary>
    public async Task<SignInResult> TakeAsync(TokenAnswer answer, string? nonce, CancellationToken cancellation)
    {
        var account = "";
        Secret? idToken = null;
        if (answer.IdToken is not null && client.ClientId is not null)
        {
            var (token, problem) = IdToken.Check(answer.IdToken, issuer.Issuer, client.ClientId, nonce, answer.ServerTime ?? context.Time.GetUtcNow());
            if (token is null)
            {
                return SignInResult.Of(SignInProblemKind.IdToken, $"The issuer's ID token is not accepted: {problem}. Nothing was kept; sign in again, and tell whoever runs the issuer if it stays so.");
            }

            (account, idToken) = (token.Account, answer.IdToken);
        }

        if (client.NeedsIdToken && idToken is null)
        {
            return SignInResult.Of(SignInProblemKind.IdToken, "The issuer gave no ID token, and the ID token is what the upstream is to get. Add openid to sign_in.scopes.");
        }

        var before = (await keeper.FindAsync(client.Upstream, cancellation)).Entry?.Grant;
        var grant = new StoredGrant
        {
            Upstream = client.Upstream,
            Origin = client.Origin,
            Account = account,
            Issuer = issuer.Issuer,
            ClientId = client.ClientId,
            SecretInBody = issuer.WantsSecretInBody,
            TokenEndpoint = issuer.TokenEndpoint,
            RevocationEndpoint = issuer.RevocationEndpoint,
            AccessToken = answer.AccessToken,
            RefreshToken = answer.RefreshToken,
            IdToken = idToken,
            Scope = answer.Scope,
            IssuedAt = context.Time.GetUtcNow(),
            Lifetime = answer.Lifetime,
            Generation = before is null ? 0 : before.Generation + 1,
        };
        if (await keeper.SaveAsync(grant, cancellation) is { } unsaved)
        {
            // Tokens that nobody holds should not stay valid.
            await new GrantRevoker(context.Http, client.ClientSecret).RevokeAsync(grant, cancellation);
            return SignInResult.Of(SignInProblemKind.NotKept, $"You signed in, but the tokens could not be kept: {unsaved}");
        }

        return SignInResult.Of(grant);
    }
}
