namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>Tries whether the program does what answers rely on, without the API: against a listener of Tuppence's own, with a key that is none.</summary>
public static class SelfTest
{
    /// <summary>Finds the program, asks for its version, and has it answer one request. Takes about a second, at most 30.</summary>
    /// <param name="options">How it is found and run.</param>
    /// <param name="time">Clock of the limit.</param>
    /// <param name="cancellation">Ends the test and its process.</param>
    public static async Task<SelfTestResult> RunAsync(ClaudeCodeOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var program = new ClaudeProgram(options, time);
        var (path, words) = program.Find();
        if (path is null)
        {
            return new SelfTestResult(ProcessProblem.Missing, words, null, null);
        }

        (var version, words) = await program.VersionAsync(path, cancellation);
        return version is null ? new SelfTestResult(ProcessProblem.Missing, words, path, null)
            : version < ClaudeProgram.Minimum ? new SelfTestResult(ProcessProblem.TooOld, $"Claude Code {version} at “{path}” is too old: Tuppence needs {ClaudeProgram.Minimum} or later. Run: claude update", path, version)
            : await SelfTestRun.RunAsync(program, path, version, options, time, cancellation);
    }
}
