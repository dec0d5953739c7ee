using Tuppence.Messages.Models;

namespace Tuppence.Upstreams.Providers;

/// <summary>A model's names at providers. The table knows most; rules cover the rest; what is no name of Anthropic's passes as it is.</summary>
/// <param name="platform">The table's name of the provider's platform, such as <c>googleCloud</c>.</param>
/// <param name="models">The table, or null for the one that ships, read when first asked.</param>
public sealed class ModelIds(string platform, ModelTable? models = null)
{
    /// <summary>The id at the provider, with <paramref name="byRule"/> for a <c>claude-…</c> name that the table does not have there.</summary>
    public string Of(string name, Func<string, string> byRule)
    {
        if (!name.StartsWith("claude-", StringComparison.Ordinal))
        {
            return name;
        }

        return (models ?? ModelTable.Default).TryFind(name, out var model) && model.PlatformIds.TryGetValue(platform, out var id) && Means(name, model) ? id : byRule(name);
    }

    /// <summary>A date at the end of a name, <c>-20250929</c>; 0 where there is none, else its length.</summary>
    public static int DateLength(string name) =>
        name.Length > 9 && name[^9] is '-' or '@' && !name.AsSpan(name.Length - 8).ContainsAnyExceptInRange('0', '9') ? 9 : 0;

    // The table also finds a model under a date that is not its own; a snapshot that was asked for is not exchanged for another.
    private static bool Means(string name, Model model) =>
        DateLength(name) == 0 || DateLength(model.Id) == 0 || name.AsSpan(name.Length - 8).SequenceEqual(model.Id.AsSpan(model.Id.Length - 8));
}
