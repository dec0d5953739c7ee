using System.Diagnostics.CodeAnalysis;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Upstreams.OAuth;

/// <summary>How a sign-in ended.</summary>
public sealed class SignInResult
{
    private SignInResult(StoredGrant? grant, SignInProblem? problem) => (Grant, Problem) = (grant, problem);

    /// <summary>The grant, already kept; or null.</summary>
    public StoredGrant? Grant { get; }

    /// <summary>Why there is none, or null.</summary>
    public SignInProblem? Problem { get; }

    /// <summary>True where there is a grant.</summary>
    [MemberNotNullWhen(true, nameof(Grant))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsSuccess => Grant is not null;

    /// <summary>Signed in.</summary>
    public static SignInResult Of(StoredGrant grant) => new(grant, null);

    /// <summary>Not signed in.</summary>
    public static SignInResult Of(SignInProblemKind kind, string message) => new(null, new SignInProblem(kind, message));

    /// <summary>Not signed in.</summary>
    public static SignInResult Of(SignInProblem problem) => new(null, problem);
}
