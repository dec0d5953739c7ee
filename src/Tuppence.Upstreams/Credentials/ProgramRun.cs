using System.ComponentModel;
using System.Diagnostics;

namespace Tuppence.Upstreams.Credentials;

/// <summary>Runs a program that prints a credential. No shell is involved; standard error is read and forgotten, since it may hold the secret.</summary>
public static class ProgramRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Its standard output, or why there is none: words that follow the program's name, such as “ended with exit code 1”.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="time">Clock of the limit, 30 s.</param>
    /// <param name="cancellation">Ends the program with all that it started, and throws.</param>
    public static async Task<(string? Output, string? Problem)> RunAsync(IReadOnlyList<string> command, TimeProvider time, CancellationToken cancellation = default)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            try
            {
                process.StandardInput.Close();
                // Read, so that a talkative program does not block.
                var ignored = process.StandardError.ReadToEndAsync(either.Token);
                var output = await process.StandardOutput.ReadToEndAsync(either.Token);
                await ignored;
                await process.WaitForExitAsync(either.Token);
                return process.ExitCode == 0 ? (output, null) : (null, $"ended with exit code {process.ExitCode}");
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellation.ThrowIfCancellationRequested();
                return (null, $"did not end within {Limit.TotalSeconds:0} s");
            }
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return (null, "cannot be run: " + e.Message);
        }
    }

    /// <summary>Splits a line of the AWS configuration file into program and arguments; double and single quotes hold words together.</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        var quote = '\0';
        var inWord = false;
        foreach (var c in line)
        {
            if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                quote = quote == '\0' ? c : '\0';
                inWord = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (inWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }

                inWord = false;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        if (inWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
