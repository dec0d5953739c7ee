using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Upstreams.Credentials;

/// <summary>What a sign-in is for.</summary>
public sealed record SignInTarget
{
    /// <summary>Name of the upstream.</summary>
    public required string Upstream { get; init; }

    /// <summary>Base URL of the upstream by the configuration; a grant for another is not used.</summary>
    public required string Origin { get; init; }

    /// <summary>True: the ID token is sent; false: the access token.</summary>
    public bool UsesIdToken { get; init; }

    /// <summary>The address to open to sign in, for people; asked for only when it is told.</summary>
    public required Func<string> SignInAddress { get; init; }

    /// <summary>True where <paramref name="grant"/> is for this upstream at this address; a slash at the end makes no difference.</summary>
    public bool IsFor(StoredGrant grant) => grant.Upstream == Upstream && Same(grant.Origin) == Same(Origin);

    private static string Same(string address) => (Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.AbsoluteUri : address).TrimEnd('/');
}
