using System.Collections.Frozen;
using System.Globalization;
using Tuppence.Messages.Models;

namespace Tuppence.Emulator.Models;

/// <summary>The models of the shipped model table, as the emulator needs them.</summary>
internal sealed class EmbeddedModels : IEmulatedModels
{
    private readonly FrozenDictionary<string, EmulatedModel> byName;

    /// <summary>Reads the table.</summary>
    public EmbeddedModels()
    {
        All = [.. ModelTable.Default.Models.Select(Read).OrderByDescending(model => model.Released)];
        byName = All
            .SelectMany(model => model.Aliases.Append(model.Id).Select(name => (name, model)))
            .ToFrozenDictionary(pair => pair.name, pair => pair.model, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyList<EmulatedModel> All { get; }

    /// <inheritdoc/>
    public EmulatedModel? Find(string idOrAlias) => byName.GetValueOrDefault(idOrAlias);

    private static EmulatedModel Read(Model model) => new()
    {
        Id = model.Id,
        Aliases = model.Aliases,
        Family = model.Family,
        Released = DateOnly.ParseExact(model.Released!, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        Context = model.Context,
        MaxOutput = model.MaxOutput,
        SamplingAtDefaultOnly = model.Sampling == SamplingRule.DefaultOnly,
        ThinkingTypes = model.Thinking.Types.ToFrozenSet(StringComparer.Ordinal),
        RejectedThinking = model.Thinking.RejectedTypes,
        ThinksByDefault = model.Thinking.Default != "off",
        OmitsThinkingText = model.Thinking.DisplayDefault == "omitted",
        Efforts = model.Thinking.EffortLevels.ToFrozenSet(StringComparer.Ordinal),
        Prefill = model.Prefill,
        ForcedToolChoice = model.ForcedToolChoice,
        MidConversationSystem = model.MidConversationSystem,
        PerMessageEffort = model.PerMessageEffort,
        MinCacheTokens = model.MinCacheTokens,
        PricesOf = tokens => model.LongContextPrices is { } larger && tokens > model.LongContextThreshold ? larger : model.Prices,
    };
}
