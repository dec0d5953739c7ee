namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>Starts a process in the way of the platform.</summary>
internal static class ProcessStart
{
    /// <summary>The process, or why there is none.</summary>
    public static ProcessLease Start(SpawnRequest request, TimeProvider time)
    {
        try
        {
            ISpawned spawned = OperatingSystem.IsWindows() ? new WindowsSpawn(request) : new UnixSpawn(request);
            if (request.DiscardsOutput)
            {
                _ = spawned.Output.CopyToAsync(Stream.Null);
            }

            return new ProcessLease(new ClaudeProcess(spawned, time), ProcessProblem.None, "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ProcessLease(null, ProcessProblem.Missing, $"The Claude Code program “{request.Program}” cannot be started: {e.Message.TrimEnd('.')}.");
        }
    }
}
