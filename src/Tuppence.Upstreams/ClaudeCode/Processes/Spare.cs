namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>A process that was started ahead.</summary>
/// <param name="Process">The process.</param>
/// <param name="Started">When.</param>
/// <param name="Stamp">What it was started from.</param>
internal sealed record Spare(IClaudeProcess Process, DateTimeOffset Started, ProgramStamp Stamp)
{
    /// <summary>Ends it as a program likes to end, so that it can tidy up.</summary>
    public async Task EndAsync()
    {
        await Process.CloseAsync();
        await Process.DisposeAsync();
    }
}
