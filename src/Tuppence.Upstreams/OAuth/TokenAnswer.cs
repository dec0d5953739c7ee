using Tuppence.Upstreams.Credentials;

namespace Tuppence.Upstreams.OAuth;

/// <summary>A successful answer of a token endpoint (RFC 6749 section 5.1).</summary>
/// <param name="AccessToken">The access token.</param>
/// <param name="RefreshToken">A new refresh token; null: the old one stays valid (RFC 6749 section 6).</param>
/// <param name="IdToken">The ID token (OpenID Connect Core 1.0 section 3.1.3.3), or null.</param>
/// <param name="Lifetime">From <c>expires_in</c>; null where the server did not say.</param>
/// <param name="Scope">Granted scope where it differs from what was asked for, or null.</param>
/// <param name="ServerTime">The <c>Date</c> of the answer, by which clock skew is measured; null where there was none.</param>
public sealed record TokenAnswer(Secret AccessToken, Secret? RefreshToken, Secret? IdToken, TimeSpan? Lifetime, string? Scope, DateTimeOffset? ServerTime);
