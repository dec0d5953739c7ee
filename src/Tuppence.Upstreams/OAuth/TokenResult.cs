using System.Diagnostics.CodeAnalysis;

namespace Tuppence.Upstreams.OAuth;

/// <summary>What a token endpoint made of a request: tokens, or a problem.</summary>
public readonly struct TokenResult
{
    private TokenResult(TokenAnswer? answer, TokenProblem? problem) => (Answer, Problem) = (answer, problem);

    /// <summary>The tokens, or null.</summary>
    public TokenAnswer? Answer { get; }

    /// <summary>Why there are none, or null.</summary>
    public TokenProblem? Problem { get; }

    /// <summary>True where there are tokens.</summary>
    [MemberNotNullWhen(true, nameof(Answer))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsSuccess => Answer is not null;

    /// <summary>Tokens.</summary>
    public static TokenResult Of(TokenAnswer answer) => new(answer, null);

    /// <summary>A problem.</summary>
    public static TokenResult Of(TokenProblem problem) => new(null, problem);
}
