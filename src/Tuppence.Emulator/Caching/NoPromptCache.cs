namespace Tuppence.Emulator.Caching;

/// <summary>No cache: every token of the prompt is plain input, <c>cache_control</c> or not.</summary>
public sealed class NoPromptCache : IPromptCache
{
    /// <inheritdoc/>
    public CacheUsage Serve(CacheRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new CacheUsage(request.Prompt.Tokens, Written5m: 0, Written1h: 0, Read: 0);
    }
}
