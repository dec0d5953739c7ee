namespace Tuppence.Upstreams.OAuth;

/// <summary>Why a sign-in did not come about.</summary>
public enum SignInProblemKind
{
    /// <summary>The configuration does not fit the issuer.</summary>
    Configuration,

    /// <summary>The issuer's metadata cannot be had or used.</summary>
    Discovery,

    /// <summary>The issuer's endpoints are others than at the last sign-in, and nobody agreed to them.</summary>
    EndpointsChanged,

    /// <summary>The port of the redirect URI cannot be listened on.</summary>
    PortTaken,

    /// <summary>The person, or the issuer, said no (<c>access_denied</c>).</summary>
    Denied,

    /// <summary>The answer came from another issuer (RFC 9207).</summary>
    WrongIssuer,

    /// <summary>The time for signing in is over.</summary>
    Expired,

    /// <summary>The issuer reported an error.</summary>
    IssuerError,

    /// <summary>The code did not become tokens.</summary>
    NoTokens,

    /// <summary>The ID token is not for us.</summary>
    IdToken,

    /// <summary>The tokens could not be kept.</summary>
    NotKept,

    /// <summary>The sign-in was given up, or another took its place.</summary>
    Cancelled,
}
