namespace Tuppence.Upstreams.Credentials;

/// <summary>How a sign-in stands, for pages, the banner and the log. Holds no secret.</summary>
public sealed record SignInState
{
    /// <summary>Name of the upstream.</summary>
    public required string Upstream { get; init; }

    /// <summary>True while requests get a token.</summary>
    public bool IsSignedIn { get; init; }

    /// <summary>True where a person must sign in: now, or when the token that is still valid ends.</summary>
    public bool IsSignInNeeded { get; init; }

    /// <summary>True while the issuer is asked for new tokens.</summary>
    public bool IsRefreshing { get; init; }

    /// <summary>Who signed in, or empty.</summary>
    public string Account { get; init; } = "";

    /// <summary>The issuer, or null while nobody signed in.</summary>
    public string? Issuer { get; init; }

    /// <summary>When the token that is sent expires, by this machine's clock; null where that is unknown.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What is wrong and what to do, in words for people; null where nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>What people should know about how the tokens are kept; null where there is nothing to say.</summary>
    public string? StoreWarning { get; init; }

    /// <summary>How far the issuer's clock is ahead of this machine's, by the last answer; null where it did not say. It matters to people only: expiry does not depend on it.</summary>
    public TimeSpan? ClockSkew { get; init; }

    /// <summary>Refreshes and sign-ins so far.</summary>
    public long Generation { get; init; }
}
