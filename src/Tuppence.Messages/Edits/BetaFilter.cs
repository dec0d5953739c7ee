namespace Tuppence.Messages.Edits;

/// <summary>Takes values out of the header <c>anthropic-beta</c> that an upstream does not know. The others keep their bytes, order and lines.</summary>
/// <param name="drop">Values; a trailing <c>*</c> stands for any rest.</param>
public sealed class BetaFilter(IReadOnlyList<string> drop)
{
    /// <summary>Name as it stands in <c>x-tuppence-edits</c>.</summary>
    public const string Name = "beta-filter";

    /// <summary>Filters the header's lines.</summary>
    /// <param name="lines">Its values as they came, one a header line.</param>
    /// <param name="kept">The lines to send, possibly none; the same list where nothing was dropped.</param>
    /// <param name="applied">What was dropped, where this answers true.</param>
    public bool TryFilter(IReadOnlyList<string> lines, out IReadOnlyList<string> kept, out AppliedEdit applied)
    {
        kept = lines;
        applied = default;
        var dropped = new List<string>();
        var output = new List<string>(lines.Count);
        foreach (var line in lines)
        {
            var before = dropped.Count;
            var parts = line.Split(',');
            var left = parts.Where(part => !Drops(part.Trim(), dropped)).ToArray();
            if (dropped.Count == before)
            {
                output.Add(line);
            }
            else if (Array.Exists(left, part => !string.IsNullOrWhiteSpace(part)))
            {
                output.Add(string.Join(',', left).TrimStart());
            }
        }

        if (dropped.Count == 0)
        {
            return false;
        }

        kept = output;
        applied = new AppliedEdit(Name, "dropped " + string.Join(", ", dropped));
        return true;
    }

    private bool Drops(string value, List<string> dropped)
    {
        foreach (var pattern in drop)
        {
            if (pattern.EndsWith('*') ? value.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : value == pattern)
            {
                dropped.Add(value);
                return true;
            }
        }

        return false;
    }
}
