namespace Tuppence.Messages.Edits;

/// <summary>What the sampling filter does to temperature, top_p and top_k.</summary>
public enum SamplingFilterMode
{
    /// <summary>Nothing; but a request that goes through an alias or a preset gets <see cref="Auto"/>.</summary>
    Off,

    /// <summary>By the model table: what the model rejects goes, temperature stays over top_p where it takes one, defaults go.</summary>
    Auto,

    /// <summary>The simple rule for all models: temperature over top_p, defaults of 1.0 and top_k of 0 go.</summary>
    On,
}
