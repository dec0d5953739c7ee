namespace Tuppence.Upstreams.OAuth;

/// <summary>Why a token endpoint gave no tokens. Never holds a secret.</summary>
/// <param name="Kind">What follows from it.</param>
/// <param name="Error">The server's error code (RFC 6749 section 5.2), or null.</param>
/// <param name="Detail">For people: what happened, with the server's own words where there are any.</param>
public sealed record TokenProblem(TokenProblemKind Kind, string? Error, string Detail);
