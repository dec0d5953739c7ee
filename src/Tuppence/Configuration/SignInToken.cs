namespace Tuppence.Configuration;

/// <summary>Which token of a sign-in is sent upstream.</summary>
public enum SignInToken
{
    /// <summary>The access token (RFC 6749 section 1.4).</summary>
    Access,

    /// <summary>The ID token (OpenID Connect Core 1.0 section 2).</summary>
    Id,
}
