namespace Tuppence.Upstreams.OAuth;

/// <summary>Why a token endpoint gave no tokens. Never holds a secret.</summary>
/// <param name="Kind">What follows from it.</param>
/// <param name="Error">The server's error code (RFC 6749 section 5.2), or null.</param>
/// <param name="Detail">For people: what happened, with the server's own words where there are any.</param>
public sealed record TokenProblem(TokenProblemKind Kind, string? Error, string Detail)
{
    /// <summary>
    /// True where the server answered whole, with a failure of its own such as 500: nothing was lost on the way, so one more try may take its time.
    /// False where the answer may be on its way: one more try is best while the server still forgives the reuse of a refresh token.
    /// </summary>
    public bool IsAnswered { get; init; }
}
