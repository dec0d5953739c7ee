namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>A process that was started ahead.</summary>
/// <param name="Process">The process.</param>
/// <param name="Started">When.</param>
/// <param name="Stamp">What it was started from.</param>
internal sealed record Spare(IClaudeProcess Process, DateTimeOffset Started, ProgramStamp Stamp);
