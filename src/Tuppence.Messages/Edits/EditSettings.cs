using Tuppence.Messages.Models;

namespace Tuppence.Messages.Edits;

/// <summary>What a route and its upstream want edited.</summary>
public sealed record EditSettings
{
    /// <summary>The route's preset, or null.</summary>
    public Preset? Preset { get; init; }

    /// <summary>Model names and what each means, those of the upstream over the general ones.</summary>
    public IReadOnlyDictionary<string, string> ModelAliases { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Text of a system block that goes first, or null.</summary>
    public string? Preamble { get; init; }

    /// <summary>Whether <c>ttl</c> is taken out of each <c>cache_control</c>.</summary>
    public bool StripCacheTtl { get; init; }

    /// <summary>What happens to temperature, top_p and top_k.</summary>
    public SamplingFilterMode SamplingFilter { get; init; } = SamplingFilterMode.Off;

    /// <summary>The table that alias, repair and filter go by; null: the one that ships, read when first needed.</summary>
    public ModelTable? Models { get; init; }

    /// <summary>
    /// The edits in their fixed order: preset, model alias, field repair, preamble, ttl strip, sampling filter. Each judges what those before it made of the
    /// request; so a preset may name an alias, and repair and filter go by the model that is sent in the end.
    /// </summary>
    public EditList Compile()
    {
        var edits = new List<IEdit>();
        if (Preset is not null)
        {
            edits.Add(new PresetEdit(Preset));
        }

        if (ModelAliases.Count > 0)
        {
            edits.Add(new ModelAlias(ModelAliases));
        }

        var directed = edits.Count > 0;
        if (directed)
        {
            edits.Add(new FieldRepair(Models));
        }

        if (!string.IsNullOrWhiteSpace(Preamble))
        {
            edits.Add(new Preamble(Preamble));
        }

        if (StripCacheTtl)
        {
            edits.Add(new CacheTtlStrip());
        }

        if (directed || SamplingFilter != SamplingFilterMode.Off)
        {
            edits.Add(new SamplingFilter(SamplingFilter, Models));
        }

        return edits.Count == 0 ? EditList.None : new EditList(edits);
    }
}
