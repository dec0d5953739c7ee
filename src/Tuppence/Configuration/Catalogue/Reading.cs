using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>The reading of one setting: where its problems go, and what they have in common.</summary>
/// <param name="Key">Full key path.</param>
/// <param name="Accepted">What the setting accepts, in words.</param>
/// <param name="Default">The default as shown, for the standard remedy; null where there is none.</param>
/// <param name="Errors">Gains an error for each problem.</param>
internal sealed record Reading(string Key, string Accepted, string? Default, ICollection<ConfigError> Errors)
{
    /// <summary>Adds a problem. <paramref name="member"/> names an item or member inside the value, as it follows the key.</summary>
    public void Refuse(ConfigNode at, string problem, string? remedy = null, string member = "") =>
        Errors.Add(new ConfigError(at.Origin, Key + member, problem, Accepted, remedy ?? Standard));

    /// <summary>Adds that the value is of the wrong type.</summary>
    public void RefuseType(ConfigNode at, string wanted, string? remedy = null, bool secret = false, string member = "") =>
        Refuse(at, $"Expected {wanted}, found {(secret ? at.Name : at.Describe())}.", remedy, member);

    private string Standard => Default is null ? "Correct the value, or remove it." : $"Correct the value, or remove it for the default, {Default}.";
}
