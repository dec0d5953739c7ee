using Tuppence.Configuration;
using Tuppence.Guard;

namespace Tuppence.Exchange;

/// <summary>A rule of <c>routes</c>, compiled.</summary>
/// <param name="config">What the user wrote.</param>
/// <param name="upstreams">Its upstreams, and the fallbacks behind them.</param>
internal sealed class RouteRule(RouteConfig config, Upstream[] upstreams)
{
    private readonly GatewayKeys keys = new(config.Keys, []);

    /// <summary>Where the rule sends requests, in order.</summary>
    public Upstream[] Upstreams => upstreams;

    /// <summary>True where the rule goes by the model.</summary>
    public bool NeedsModel => config.Models.Count > 0;

    /// <summary>True where all conditions hold.</summary>
    /// <param name="model">The model that is meant, or null; then a rule that names models does not hold.</param>
    /// <param name="facts">The rest.</param>
    public bool Holds(string? model, in ChoiceFacts facts) => (config.Models.Count == 0 || IsAny(config.Models, model)) && HoldsForSomeModel(facts);

    /// <summary>True where all conditions but that on the model hold.</summary>
    public bool HoldsForSomeModel(in ChoiceFacts facts) =>
        (config.Presets.Count == 0 || IsAny(config.Presets, facts.Preset))
        && (!keys.AreRequired || (facts.Key is not null && keys.Contains(facts.Key)) || (facts.Bearer is not null && keys.Contains(facts.Bearer)));

    /// <summary>True where <paramref name="text"/> has the form of <paramref name="pattern"/>, in which <c>*</c> stands for any run of characters.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        // Where the last star stands, and how much of the text it has been given.
        var (p, t, star, given) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, given) = (p++, t);
            }
            else if (p < pattern.Length && pattern[p] == text[t])
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++given);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }

    private static bool IsAny(IReadOnlyList<string> patterns, string? text)
    {
        if (text is null)
        {
            return false;
        }

        foreach (var pattern in patterns)
        {
            if (Matches(pattern, text))
            {
                return true;
            }
        }

        return false;
    }
}
