using Tuppence.Upstreams.ClaudeCode;

namespace Tuppence.ClaudeCode;

/// <summary>What the last look at the user's program has shown.</summary>
/// <param name="Problem">What keeps it from answering.</param>
/// <param name="Words">The same for people: what is wrong and what to do; empty where nothing is.</param>
/// <param name="Version">The program's version, where it is known.</param>
internal sealed record ProgramState(ProcessProblem Problem, string Words, Version? Version)
{
    /// <summary>It is being looked at for the first time.</summary>
    public static readonly ProgramState Checking = new(ProcessProblem.None, "It is being checked.", null) { Stage = ProgramStage.Checking };

    /// <summary>How far it is.</summary>
    public ProgramStage Stage { get; private init; } = Problem switch
    {
        ProcessProblem.None => ProgramStage.Ready,
        ProcessProblem.NotSignedIn => ProgramStage.NotSignedIn,
        _ => ProgramStage.SwitchedOff,
    };

    /// <summary>The stage as programs read it.</summary>
    public string Name => Stage switch
    {
        ProgramStage.Checking => "checking",
        ProgramStage.Ready => "ready",
        ProgramStage.NotSignedIn => "not_signed_in",
        _ => "switched_off",
    };

    /// <summary>In one phrase for people.</summary>
    public string Text => Stage switch
    {
        ProgramStage.Checking => "being checked",
        ProgramStage.Ready => Version is null ? "ready" : $"ready, version {Version}",
        ProgramStage.NotSignedIn => "not signed in: " + Words,
        _ => "switched off: " + Words,
    };
}
