namespace Tuppence.Messages.Models;

/// <summary>Which of temperature, top_p and top_k a model takes.</summary>
public enum SamplingRule
{
    /// <summary>Not known: the model is not in the table.</summary>
    Unknown,

    /// <summary>None but the defaults, which say nothing: they are best left out.</summary>
    DefaultOnly,

    /// <summary>temperature or top_p, not both; top_k.</summary>
    TemperatureXorTopP,

    /// <summary>All three.</summary>
    All,
}
