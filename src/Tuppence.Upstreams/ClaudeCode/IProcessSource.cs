namespace Tuppence.Upstreams.ClaudeCode;

/// <summary>Hands out processes, one an answer.</summary>
public interface IProcessSource
{
    /// <summary>A process that has been told nothing yet: the spare, or a new one. Waits where as many as may run at once are running.</summary>
    /// <param name="cancellation">The client's leaving.</param>
    /// <returns>The process, or why there is none.</returns>
    ValueTask<ProcessLease> RentAsync(CancellationToken cancellation);
}
