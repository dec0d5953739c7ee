namespace Tuppence.Messages.Models;

/// <summary>What a model takes in <c>thinking.type</c> and <c>output_config.effort</c>.</summary>
public sealed record ThinkingRule
{
    /// <summary>Types that it takes.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Types that it rejects; <c>TYPE@LEVEL|LEVEL</c> is rejected at those levels of effort alone.</summary>
    public IReadOnlyList<string> RejectedTypes { get; init; } = [];

    /// <summary>Without <c>thinking</c>: <c>off</c>, <c>on</c>, or <c>always-on</c>.</summary>
    public string Default { get; init; } = "off";

    /// <summary>Levels of effort from the least; empty where it takes no effort.</summary>
    public IReadOnlyList<string> EffortLevels { get; init; } = [];

    /// <summary>Effort where none is given, or null.</summary>
    public string? DefaultEffort { get; init; }

    /// <summary>What becomes of the thinking's text where the request does not say: <c>omitted</c> or <c>summarized</c>; null: it is given.</summary>
    public string? DisplayDefault { get; init; }

    /// <summary>Whether <paramref name="type"/> is rejected at any effort.</summary>
    public bool Rejects(string type) => Contains(RejectedTypes, type) || (Types.Count > 0 && !Contains(Types, type) && !RejectsSomeEffort(type));

    /// <summary>Whether <paramref name="type"/> is rejected at this effort, or at any.</summary>
    public bool Rejects(string type, string? effort)
    {
        if (Rejects(type))
        {
            return true;
        }

        foreach (var rejected in RejectedTypes)
        {
            if (Levels(rejected, type) is { } levels && levels.Split('|').Contains(effort ?? DefaultEffort, StringComparer.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private bool RejectsSomeEffort(string type) => RejectedTypes.Any(rejected => Levels(rejected, type) is not null);

    private static string? Levels(string rejected, string type) =>
        rejected.Length > type.Length + 1 && rejected[type.Length] == '@' && rejected.StartsWith(type, StringComparison.Ordinal)
            ? rejected[(type.Length + 1)..]
            : null;

    private static bool Contains(IReadOnlyList<string> list, string value) => list.Contains(value, StringComparer.Ordinal);
}
