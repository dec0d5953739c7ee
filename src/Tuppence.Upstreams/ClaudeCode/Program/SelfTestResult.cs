namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>What the self-test found.</summary>
/// <param name="Problem">Why the program cannot be used; <see cref="ProcessProblem.None"/>: it can.</param>
/// <param name="Words">Words for people: what is wrong and what to do; empty where nothing is.</param>
/// <param name="Program">The program's full path; null where it was not found.</param>
/// <param name="Version">Its version; null where it could not be asked.</param>
public sealed record SelfTestResult(ProcessProblem Problem, string Words, string? Program, Version? Version);
