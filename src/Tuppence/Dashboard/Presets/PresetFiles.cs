using System.Text;
using Tuppence.Dashboard.Settings;
using Tuppence.Messages.Edits;

namespace Tuppence.Dashboard.Presets;

/// <summary>The files of presets: those of the user's folder, those that ship, and what the former were before they were changed here.</summary>
/// <param name="folder">The user's folder; it need not exist.</param>
/// <param name="stateDirectory">Where earlier versions are kept.</param>
/// <param name="time">The clock.</param>
internal sealed class PresetFiles(string folder, string stateDirectory, TimeProvider time)
{
    private const string Resources = "presets/";

    private readonly ChangeHistory history = new(stateDirectory, "presets-history.json");

    /// <summary>Names of all files, whether or not they are right.</summary>
    public IEnumerable<string> Names => (Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json") : [])
        .Select(static file => Path.GetFileNameWithoutExtension(file)).Where(PresetReader.IsName)
        .Concat(EmbeddedText.Names(Resources).Select(static file => Path.GetFileNameWithoutExtension(file)))
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>True where it is the one that ships, and no file of the user's takes its place.</summary>
    public bool IsShipped(string name) => IsPart(name) && !File.Exists(PathOf(name));

    /// <summary>The content; null where there is none.</summary>
    public byte[]? Read(string name) => new WrittenFile(PathOf(name)).Read() ?? (IsPart(name) ? EmbeddedText.ReadBytes($"{Resources}{name}.json") : null);

    /// <summary>Earlier contents, the latest first, each with the moment when it was replaced.</summary>
    public IEnumerable<(string Version, DateTimeOffset At, string Text)> HistoryOf(string name) => history.Read()
        .Where(change => change.File == PathOf(name) && change.Before is not null)
        .Select(static change => (WrittenFile.VersionOf(change.Before), change.At, Encoding.UTF8.GetString(change.Before!)));

    /// <summary>Writes a file, or takes it away; what it was is kept. The problem, or null.</summary>
    public string? Write(string name, byte[]? content)
    {
        var before = Read(name);
        if (new WrittenFile(PathOf(name)).Write(content) is { } problem)
        {
            return problem;
        }

        var kept = history.Read();
        kept.Insert(0, new KeptChange(time.GetUtcNow(), PathOf(name), content is null ? $"{name} deleted" : name, WrittenFile.VersionOf(content), before));
        history.Write(kept);
        return null;
    }

    private static bool IsPart(string name) => EmbeddedText.Names(Resources).Contains(name + ".json", StringComparer.Ordinal);

    private string PathOf(string name) => Path.Combine(folder, name + ".json");
}
