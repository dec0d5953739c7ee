using Tuppence.Thrift.Simulation;

namespace Tuppence.Emulator.Caching;

/// <summary>The prompt cache by the provider's documented rules: the engine that the benchmark uses too. Safe for parallel use.</summary>
/// <param name="options">What the documents leave open.</param>
public sealed class SimulatedPromptCache(CacheEngineOptions options) : IPromptCache
{
    private readonly Lock gate = new();
    private readonly CacheEngine engine = new(options);

    /// <inheritdoc/>
    public CacheUsage Serve(CacheRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var prompt = request.Prompt;
        lock (gate)
        {
            var bill = engine.Serve(new CacheStep($"{request.Account}/{request.Model}", prompt, prompt.Breakpoints, prompt.Automatic, request.MinTokens, request.StartedAt)).Bill;
            return new CacheUsage(bill.Uncached, bill.Write5m, bill.Write1h, bill.Read);
        }
    }
}
