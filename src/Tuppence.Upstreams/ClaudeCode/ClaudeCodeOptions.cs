namespace Tuppence.Upstreams.ClaudeCode;

/// <summary>How the user's Claude Code program is found and run.</summary>
public sealed record ClaudeCodeOptions
{
    /// <summary>Full path of the program; null: it is looked for in PATH and then in the places that its installers use.</summary>
    public string? ProgramPath { get; init; }

    /// <summary>Tuppence's name and version, as <c>tuppence/1.2.3</c>; the program adds it to its User-Agent.</summary>
    public required string ClientApp { get; init; }

    /// <summary>Tuppence's own environment. Only what <see cref="Program.ProgramEnvironment"/> lists of it reaches the program.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>Where the program runs: a private folder that is kept empty and whose path, which the model is told, says nothing of the user. Null: one of Tuppence's own below the folder for temporary files.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>Answers at the same time, 1 to 16.</summary>
    public int Concurrency { get; init; } = 2;

    /// <summary>Requests that wait beyond those; 0 or more. The next one gets <see cref="ProcessProblem.Busy"/>.</summary>
    public int QueueLength { get; init; } = 4;

    /// <summary>Whether one process is started ahead of the next request. It holds about 150 MB and saves about 0.3 s.</summary>
    public bool KeepsSpare { get; init; } = true;

    /// <summary>A spare of this age is replaced by a new one.</summary>
    public TimeSpan SpareLife { get; init; } = TimeSpan.FromMinutes(30);
}
