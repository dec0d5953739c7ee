namespace Tuppence.Thrift.Accounts;

/// <summary>Where two texts first differ, with a few words around it. It shows the user's own words: for the user's eyes, and no log unless bodies may be logged.</summary>
/// <param name="Before">What both say right before.</param>
/// <param name="Old">What the earlier text says there; empty where something was only inserted.</param>
/// <param name="New">What the later one says; empty where something was only taken out.</param>
/// <param name="After">What both say right after.</param>
public sealed record TextDiff(string Before, string Old, string New, string After)
{
    /// <summary>One line: <c>…it is [-12:05-]{+12:06+} now…</c>.</summary>
    public override string ToString() =>
        string.Concat(Before, Old.Length == 0 ? "" : $"[-{Old}-]", New.Length == 0 ? "" : $"{{+{New}+}}", After).ReplaceLineEndings("⏎");
}
