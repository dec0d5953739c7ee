using System.Runtime.InteropServices;

namespace Tuppence.Upstreams.ClaudeCode;

/// <summary>A process for one answer, or why there is none.</summary>
/// <param name="Process">The process, or null. Whoever got it disposes of it, which lets the next one start.</param>
/// <param name="Problem">What kept it from starting.</param>
/// <param name="Words">Words for people: what is wrong and what to do; empty where there is a process.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ProcessLease(IClaudeProcess? Process, ProcessProblem Problem, string Words);
