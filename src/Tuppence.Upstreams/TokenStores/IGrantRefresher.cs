using Tuppence.Upstreams.OAuth;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>Asks the issuer for new tokens.</summary>
public interface IGrantRefresher
{
    /// <summary>One refresh request (RFC 6749 section 6), with no retry of its own.</summary>
    Task<TokenResult> RefreshAsync(StoredGrant grant, CancellationToken cancellation);
}
