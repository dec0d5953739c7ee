namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>The token scales of the models. Bounded: of too many the one that was learned first goes.</summary>
internal sealed class TokenScales
{
    private const int Most = 64;

    // Of a model that nothing was billed for yet. Never learns.
    private static readonly TokenScale Unknown = new();

    private readonly OrderedDictionary<UInt128, TokenScale> scales = [];

    /// <summary>All that were learned, with the hashes of their models.</summary>
    public IReadOnlyCollection<KeyValuePair<UInt128, TokenScale>> All => scales;

    /// <summary>What estimates of a model come to.</summary>
    public TokenScale this[UInt128 model] => scales.GetValueOrDefault(model, Unknown);

    /// <summary>Notes a bill.</summary>
    /// <inheritdoc cref="TokenScale.Add"/>
    public void Add(UInt128 model, int estimated, int blocks, int billed)
    {
        if (!scales.TryGetValue(model, out var scale))
        {
            Restore(model, scale = new TokenScale());
        }

        scale.Add(estimated, blocks, billed);
    }

    /// <summary>Takes up what was learned of a model.</summary>
    public void Restore(UInt128 model, TokenScale scale)
    {
        if (scales.Count == Most && !scales.ContainsKey(model))
        {
            scales.RemoveAt(0);
        }

        scales[model] = scale;
    }
}
