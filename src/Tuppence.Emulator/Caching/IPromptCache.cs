namespace Tuppence.Emulator.Caching;

/// <summary>Decides what of a prompt is read from, and written to, the prompt cache.</summary>
/// <remarks>Called once for each accepted request, before the first byte of its reply; must be safe for parallel calls.</remarks>
public interface IPromptCache
{
    /// <summary>The input side of the reply's usage figures. The four figures of the answer add up to <see cref="CacheRequest.Prompt"/>'s tokens.</summary>
    CacheUsage Serve(CacheRequest request);
}
