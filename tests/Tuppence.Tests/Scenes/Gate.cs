namespace Tuppence.Tests.Scenes;

/// <summary>Waits for a state that has no event of its own.</summary>
public static class Gate
{
    /// <summary>Looks until <paramref name="isReached"/>; fails after a minute.</summary>
    public static async Task UntilAsync(Func<bool> isReached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!isReached())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Delay(1, limit.Token);
        }
    }
}
