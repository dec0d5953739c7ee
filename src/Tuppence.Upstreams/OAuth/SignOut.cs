using Tuppence.Upstreams.Credentials;

namespace Tuppence.Upstreams.OAuth;

/// <summary>Signs out: the issuer is told first, then the tokens are forgotten here whatever it said.</summary>
/// <param name="keeper">Where the grant is kept.</param>
/// <param name="http">Sends requests; made by <see cref="OAuthTransport"/>.</param>
public sealed class SignOut(IGrantKeeper keeper, HttpMessageInvoker http)
{
    /// <summary>Ends the sign-in of one upstream.</summary>
    /// <param name="upstream">Its name; it need not be configured any more.</param>
    /// <param name="clientSecret">Secret of a confidential client, or null.</param>
    /// <param name="cancellation">Gives up while the issuer is asked; nothing is forgotten then.</param>
    public async Task<SignOutResult> RunAsync(string upstream, Secret? clientSecret, CancellationToken cancellation)
    {
        var (entry, problem) = await keeper.FindAsync(upstream, cancellation);
        if (entry is null)
        {
            // What cannot be read cannot be revoked; that it is there is no reason to say that nobody was signed in.
            return new SignOutResult(WasSignedIn: problem is not null, [], problem);
        }

        var grant = entry.Grant;

        var left = await new GrantRevoker(http, clientSecret).RevokeAsync(grant, cancellation);
        return new SignOutResult(WasSignedIn: true, left, await keeper.DeleteAsync(upstream, CancellationToken.None));
    }
}
