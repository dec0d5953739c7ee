namespace Tuppence.Upstreams.Credentials;

/// <summary>A credential, or the reason there is none, in words for people.</summary>
/// <param name="Secret">The credential; null where there is none, and where <see cref="Signer"/> stands in its place.</param>
/// <param name="Problem">What is wrong and what to do; null where there is a credential. Never holds the secret.</param>
public readonly record struct CredentialResult(Secret? Secret, string? Problem)
{
    /// <summary>
    /// Whether <see cref="Secret"/> is a token and no key: it goes out as <c>Authorization: Bearer</c> (RFC 6750), whatever header the
    /// upstream's keys are sent in.
    /// </summary>
    public bool IsToken { get; init; }

    /// <summary>Signs each request, where a secret by itself is not sent; else null.</summary>
    public IRequestSigner? Signer { get; init; }

    /// <summary>A bearer token.</summary>
    public static CredentialResult OfToken(Secret token) => new(token, null) { IsToken = true };

    /// <summary>A signer.</summary>
    public static CredentialResult OfSigner(IRequestSigner signer) => new(null, null) { Signer = signer };

    /// <summary>The reason there is none.</summary>
    public static CredentialResult OfProblem(string problem) => new(null, problem);
}
