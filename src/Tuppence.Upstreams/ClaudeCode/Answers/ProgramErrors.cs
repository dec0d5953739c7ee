using Tuppence.Messages.Errors;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>Errors that the program did not report, but is.</summary>
internal static class ProgramErrors
{
    private const int MostWords = 300;

    /// <summary>It is not as expected.</summary>
    public static ProgramError Unreadable(string what) =>
        new(502, ErrorType.Api, $"Claude Code does not behave as expected: {what}. Try again; if that does not help, look whether this version of it is supported.");

    /// <summary>Its stream broke.</summary>
    public static ProgramError Broken(string what) => new(502, ErrorType.Api, $"The answer of Claude Code is not complete: {what}. Send the request again.");

    /// <summary>It hangs.</summary>
    public static ProgramError Silent(TimeSpan since) =>
        new(504, ErrorType.Timeout, $"Claude Code has said nothing for {(int)since.TotalSeconds} seconds and was ended. Send the request again.");

    /// <summary>It ended too early.</summary>
    public static ProgramError Ended(ProcessEnd end)
    {
        // What it could not read it repeats, and that is the client's text.
        var words = end.Words.Trim().Split('\n', 2)[0];
        words = words.Length == 0 || words.StartsWith("Error parsing", StringComparison.Ordinal) ? "" : ": " + (words.Length > MostWords ? words[..MostWords] + "…" : words);
        return new ProgramError(502, ErrorType.Api, $"Claude Code ended with the exit code {end.ExitCode} before its answer was complete{words}. Send the request again.");
    }
}
