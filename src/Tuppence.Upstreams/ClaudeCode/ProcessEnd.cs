using System.Runtime.InteropServices;

namespace Tuppence.Upstreams.ClaudeCode;

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Its exit code; 128 + the signal's number where a signal ended it.</param>
/// <param name="Words">The end of its standard error, at most 2,000 characters; empty where it said nothing. May hold text of the program only, never of the prompt.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ProcessEnd(int ExitCode, string Words);
