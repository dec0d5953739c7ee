namespace Tuppence.Upstreams.OAuth;

/// <summary>Why a sign-in did not come about, in words for people. Never holds a secret.</summary>
/// <param name="Kind">What kind of problem.</param>
/// <param name="Message">What is wrong and what to do, in whole sentences.</param>
public sealed record SignInProblem(SignInProblemKind Kind, string Message);
