using System.Net.Sockets;

namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>One request, from the program to the listener and back.</summary>
internal static class SelfTestRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Runs it.</summary>
    public static async Task<SelfTestResult> RunAsync(ClaudeProgram program, string path, Version version, ClaudeCodeOptions options, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        DirectoryInfo? home = null;
        try
        {
            home = Directory.CreateTempSubdirectory("tuppence-self-test-");
            await using var listener = new SelfTestListener();
            var (process, problem, words) = program.StartAnswer(path, ProgramEnvironment.ForSelfTest(options, home.FullName, listener.Address));
            if (process is null)
            {
                return new SelfTestResult(problem, words, path, version);
            }

            string? difference;
            await using (process)
            {
                difference = await new SelfTestExchange(process).RunAsync(time, either.Token);
            }

            difference ??= SelfTestShape.Difference(listener.Messages, options.ClientApp);
            return difference is null ? new SelfTestResult(ProcessProblem.None, "", path, version) : Unexpected($"it {difference}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Unexpected("it did not answer in time");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            return new SelfTestResult(ProcessProblem.Unexpected, $"Claude Code could not be tried out: {e.Message}", path, version);
        }
        finally
        {
            Discard(home);
        }

        SelfTestResult Unexpected(string what) => new(
            ProcessProblem.Unexpected,
            $"Claude Code {version} at “{path}” does not behave as Tuppence needs: {what}. It is left alone. A newer Tuppence may know this version; Claude Code {ClaudeProgram.Tested} is one that works.",
            path,
            version);
    }

    private static void Discard(DirectoryInfo? folder)
    {
        try
        {
            folder?.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The system empties its folder for temporary files; there is nothing of anybody's in it.
        }
    }
}
