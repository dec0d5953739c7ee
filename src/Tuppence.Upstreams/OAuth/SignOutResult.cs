namespace Tuppence.Upstreams.OAuth;

/// <summary>How signing out went.</summary>
/// <param name="WasSignedIn">False where there was nothing to end.</param>
/// <param name="NotRevoked">What the issuer was not told or did not take, in sentences for people; empty where all was revoked.</param>
/// <param name="NotDeleted">Why the tokens are still here, or null.</param>
public sealed record SignOutResult(bool WasSignedIn, IReadOnlyList<string> NotRevoked, string? NotDeleted);
