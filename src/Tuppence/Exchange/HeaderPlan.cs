using Tuppence.Upstreams.Http1;

namespace Tuppence.Exchange;

/// <summary>What one request changes on its client's header lines: names that are left out, lines that are added.</summary>
internal sealed class HeaderPlan
{
    // Most requests change nothing.
    private List<string>? dropped;
    private List<HeaderLine>? added;

    /// <summary>The changes so far, for <see cref="BackTo"/>.</summary>
    public (int Dropped, int Added) Mark => (dropped?.Count ?? 0, added?.Count ?? 0);

    /// <summary>Forgets the changes made since <paramref name="mark"/>.</summary>
    public void BackTo((int Dropped, int Added) mark)
    {
        dropped?.RemoveRange(mark.Dropped, dropped.Count - mark.Dropped);
        added?.RemoveRange(mark.Added, added.Count - mark.Added);
    }

    /// <summary>Leaves out the client's lines of that name.</summary>
    public void Drop(string name) => (dropped ??= []).Add(name);

    /// <summary>Adds a line.</summary>
    public void Add(string name, string value) => (added ??= []).Add(new HeaderLine(name, value));

    /// <summary>True where the client's lines of that name do not go on.</summary>
    public bool Replaces(string name)
    {
        if (dropped is null)
        {
            return false;
        }

        foreach (var drop in dropped)
        {
            if (drop.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The changes in one line: <c>-name</c> for what is left out, <c>name: value</c> for what is added. Called before credentials are.</summary>
    public string Describe() => string.Join(", ", (dropped ?? []).Select(static name => "-" + name).Concat((added ?? []).Select(static line => $"{line.Name}: {line.Value}")));

    /// <summary>Writes the added lines.</summary>
    public void WriteAdded(ref RequestHead head)
    {
        if (added is null)
        {
            return;
        }

        foreach (var line in added)
        {
            head.Add(line.Name, line.Value);
        }
    }
}
