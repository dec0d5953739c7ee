using System.Runtime.InteropServices;
using Tuppence.Configuration;
using Tuppence.Messages.Models;
using Tuppence.Thrift;
using Tuppence.Thrift.Planning;

namespace Tuppence.Caching;

/// <summary>What is known of the prompt cache behind one upstream.</summary>
/// <param name="Level">The level that the upstream's entry chooses, or null.</param>
/// <param name="Platform">The platform's name in the model table.</param>
/// <param name="Has1h">Whether entries may be asked to live for an hour.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct UpstreamCaching(CacheLevel? Level, string Platform, bool Has1h)
{
    /// <summary>True where nothing can be marked: the level is off, whoever asks for another.</summary>
    public bool HasNoMarkers { get; init; }

    /// <summary>Of an upstream that takes no markers.</summary>
    public static UpstreamCaching None => new(CacheLevel.Off, "claudeApi", Has1h: false) { HasNoMarkers = true };

    // What no model is cheaper to misjudge by: the dearest reads, the largest minimum, five minutes only.
    private const int CarefulMinimum = 4096;
    private static readonly ModelPrices Careful = new(5_000, 25_000, 6_250, 10_000, 500, 2_500, 12_500);

    /// <summary>Reads it off the upstream's entry.</summary>
    /// <remarks>
    /// Bedrock: the documents differ on which models take an hour there, so it is not asked for.
    /// Source: https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html (2026).
    /// </remarks>
    public static UpstreamCaching Of(UpstreamConfig entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var platform = entry.Provider switch
        {
            Provider.Bedrock or Provider.BedrockMessages => "bedrock",
            Provider.Vertex or Provider.ClaudeOnGoogleCloud => "googleCloud",
            Provider.ClaudeOnAws => "aws",
            Provider.Foundry => "foundry",
            _ => "claudeApi",
        };
        return new UpstreamCaching(entry.Cache, platform, platform != "bedrock" && !entry.StripCacheTtl);
    }

    /// <summary>What a plan for a model depends on.</summary>
    /// <param name="model">Its row, or null where the table does not know it: then the careful figures hold.</param>
    /// <param name="scope">Who shares a cache.</param>
    /// <param name="level">What may be done.</param>
    /// <param name="at">When the request starts: the prices of that day (UTC) hold.</param>
    /// <param name="percent">What the endpoint charges of the list price.</param>
    public PlanContext ContextOf(Model? model, string scope, CacheLevel level, DateTimeOffset at, int percent = 100) => model is null
        ? new PlanContext(scope, level, Careful, CarefulMinimum, at, TakesSystemMessages: false, Has1h: false)
        : new PlanContext(
            scope,
            level,
            model.PricesOn(DateOnly.FromDateTime(at.UtcDateTime)).Times(percent),
            model.MinCacheTokensByPlatform.TryGetValue(Platform, out var least) ? least : model.MinCacheTokens,
            at,
            model.MidConversationSystem,
            Has1h,
            model.LongContextPrices?.Times(percent),
            model.LongContextThreshold);
}
