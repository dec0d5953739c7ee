namespace Tuppence.ClaudeStandIn;

/// <summary>The folder that tells the stand-in what to do, and takes what it was told.</summary>
internal sealed class StandInFolder(string path)
{
    private readonly string[] plan = File.Exists(Path.Combine(path, "plan")) ? File.ReadAllLines(Path.Combine(path, "plan")) : [];

    public bool Has(string key) => Value(key) is not null;

    public bool MayGoOn => File.Exists(Path.Combine(path, "go"));

    public string? Value(string key) =>
        plan.FirstOrDefault(line => line == key || line.StartsWith(key + " ", StringComparison.Ordinal)) is { } line ? line[key.Length..].Trim() : null;

    /// <summary>Adds one line to the record. Several processes may write it.</summary>
    public void Note(string what, string text)
    {
        using var file = new FileStream(Path.Combine(path, "calls.txt"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        file.Write(System.Text.Encoding.UTF8.GetBytes($"{what} {text}\n"));
    }
}
