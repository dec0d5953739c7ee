using Tuppence.Upstreams.Credentials;
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
        Signer = null;
    }

    /// <summary>Signs each attempt; null: nothing to sign.</summary>
    public IRequestSigner? Signer { get; private set; }

    /// <summary>Lets <paramref name="signer"/> sign each attempt; the client's lines that would contradict it are left out.</summary>
    public void SignBy(IRequestSigner signer)
    {
        Signer = signer;
        (dropped ??= []).AddRange(signer.Replaces);
    }

    /// <summary>The values of a name as they would go out now: the client's unless they are left out, then the added ones.</summary>
    public IEnumerable<string> ValuesOf(IHeaderDictionary client, string name) =>
        (Replaces(name) ? [] : client[name].OfType<string>()).Concat((added ?? []).Where(line => Is(line.Name, name)).Select(static line => line.Value));

    /// <summary>Leaves out every line of that name, the client's and the added ones.</summary>
    public void Clear(string name)
    {
        Drop(name);
        added?.RemoveAll(line => Is(line.Name, name));
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
            if (Is(drop, name))
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

    private static bool Is(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
