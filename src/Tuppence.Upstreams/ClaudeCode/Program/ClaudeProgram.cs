using System.Globalization;
using System.Text;
using Tuppence.Upstreams.ClaudeCode.Processes;

namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>The user's Claude Code program: where it is, how old, whether somebody is signed in to it, and a process of it.</summary>
/// <param name="options">How it is found and run.</param>
/// <param name="time">The clock.</param>
public sealed class ClaudeProgram(ClaudeCodeOptions options, TimeProvider time)
{
    private const int MaxVersionBytes = 4096;

    private static readonly TimeSpan QuestionLimit = TimeSpan.FromSeconds(20);

    /// <summary>The oldest version that the exchange was tried with.</summary>
    public static Version Minimum { get; } = new(2, 1, 260);

    /// <summary>The version that the exchange was measured with.</summary>
    public static Version Tested { get; } = new(2, 1, 330);

    /// <summary>Its full path, or words for people: what is wrong and what to do.</summary>
    public (string? Program, string Words) Find() => ProgramSearch.Find(options);

    /// <summary>The version that the program prints, or words for people. Takes about 30 ms.</summary>
    /// <param name="program">Its full path.</param>
    /// <param name="cancellation">Ends the process.</param>
    public async Task<(Version? Version, string Words)> VersionAsync(string program, CancellationToken cancellation)
    {
        var (output, words) = await AskAsync(program, ProgramArguments.Version, cancellation);
        return output is null ? (null, words)
            : Version.TryParse(output.AsSpan().Trim().ToString().Split(' ', 2)[0], out var version) ? (version, "")
            : (null, $"“{program}” does not answer --version as Claude Code does. Configure the path of the Claude Code program.");
    }

    /// <summary>Whether somebody is signed in, by the exit code of <c>claude auth status</c>. What it prints is not read. Takes up to 0.5 s; no request goes out.</summary>
    /// <returns>True or false; null where the program could not be asked.</returns>
    public async Task<bool?> IsSignedInAsync(CancellationToken cancellation)
    {
        if (Find().Program is not { } program || Start(program, ProgramArguments.SignInState, ProgramEnvironment.ForQuestions(options), discardsOutput: true).Process is not { } process)
        {
            return null;
        }

        await using (process)
        {
            await process.Input.CompleteAsync();
            try
            {
                return (await process.Ended.WaitAsync(QuestionLimit, time, cancellation)).ExitCode == 0;
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
    }

    /// <summary>A process that waits for its first line, or why there is none.</summary>
    internal ProcessLease StartAnswer()
    {
        var (program, words) = Find();
        return program is null ? new ProcessLease(null, ProcessProblem.Missing, words) : StartAnswer(program, ProgramEnvironment.ForAnswers(options));
    }

    /// <summary>A process that waits for its first line, in an environment of the caller's.</summary>
    internal ProcessLease StartAnswer(string program, IReadOnlyDictionary<string, string> variables) => Start(program, ProgramArguments.Answer, variables, discardsOutput: false);

    private ProcessLease Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> variables, bool discardsOutput)
    {
        var (folder, words) = NeutralFolder.Prepare(options.WorkingFolder);
        return folder is null
            ? new ProcessLease(null, ProcessProblem.Missing, words)
            : ProcessStart.Start(new SpawnRequest(program, arguments, variables, folder) { DiscardsOutput = discardsOutput }, time);
    }

    private async Task<(string? Output, string Words)> AskAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var (process, _, words) = Start(program, arguments, ProgramEnvironment.ForQuestions(options), discardsOutput: false);
        if (process is null)
        {
            return (null, words);
        }

        await using (process)
        {
            await process.Input.CompleteAsync();
            try
            {
                var output = await process.Output.ReadAtLeastAsync(MaxVersionBytes, cancellation).AsTask().WaitAsync(QuestionLimit, time, cancellation);
                var text = Encoding.UTF8.GetString(output.Buffer.Slice(0, Math.Min(output.Buffer.Length, MaxVersionBytes)));
                if (!output.IsCompleted)
                {
                    // More than any version: some other program, which need not end.
                    return (text, "");
                }

                var end = await process.Ended.WaitAsync(QuestionLimit, time, cancellation);
                return end.ExitCode == 0 ? (text, "")
                    : (null, string.Create(CultureInfo.InvariantCulture, $"“{program} {arguments[0]}” ended with exit code {end.ExitCode}{(end.Words.Length > 0 ? ": " + end.Words : "")}."));
            }
            catch (TimeoutException)
            {
                return (null, string.Create(CultureInfo.InvariantCulture, $"“{program} {arguments[0]}” did not end within {QuestionLimit.TotalSeconds:0} s."));
            }
        }
    }
}
