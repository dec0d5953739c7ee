using System.Text.Json;

namespace Tuppence.Tests.Promises;

/// <summary>The licences we accept, and the package licences that a person has looked up: <c>licences.json</c>.</summary>
internal sealed record LicenceList(IReadOnlySet<string> Allowed, IReadOnlyDictionary<string, string> Packages)
{
    public static LicenceList Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new LicenceList(
            root.GetProperty("allowed").EnumerateArray().Select(licence => licence.GetString()!).ToHashSet(StringComparer.Ordinal),
            root.GetProperty("packages").EnumerateObject().ToDictionary(package => package.Name, package => package.Value.GetString()!, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>What is wrong with the packages, a sentence each; nothing where all is well.</summary>
    public IReadOnlyList<string> Objections(IEnumerable<LockedPackage> packages) =>
    [
        .. from name in packages.Select(package => package.Name).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)
           let licence = Packages.GetValueOrDefault(name)
           where licence is null || !Allowed.Contains(licence)
           select licence is null
               ? $"{name} is in a lock file under src/ but not in licences.json: look up its licence and add it."
               : $"{name} is under {licence}, which licences.json does not allow.",
    ];
}
