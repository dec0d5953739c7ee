using System.Diagnostics.CodeAnalysis;
using Tuppence.Messages.Edits;
using Tuppence.Telemetry;

namespace Tuppence.Exchange;

/// <summary>The shipped presets and those of a folder, as they were when it was read.</summary>
public sealed class Presets
{
    private const string Resources = "presets/";

    // Part of the program, so that they are there however it was installed. A file of the same name takes their place.
    private static readonly Lazy<Dictionary<string, Preset>> Shipped = new(static () =>
        EmbeddedText.Names(Resources).ToDictionary(
            static file => Path.GetFileNameWithoutExtension(file),
            static file => PresetReader.Read(Path.GetFileNameWithoutExtension(file), EmbeddedText.ReadBytes(Resources + file)).Preset!,
            StringComparer.Ordinal));

    private readonly Dictionary<string, Preset> byName;

    private Presets(Dictionary<string, Preset> byName)
    {
        this.byName = byName;
        Names = [.. byName.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Names, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>All of them.</summary>
    public IEnumerable<Preset> All => byName.Values;

    /// <summary>
    /// Reads each <c>*.json</c> of <paramref name="folder"/>; a missing folder adds none to those that ship. A file that is not right is left out and
    /// logged with all its errors, unless <paramref name="last"/> still has its last good form.
    /// </summary>
    public static Presets Read(string folder, Presets? last, ILogger log)
    {
        var found = new Dictionary<string, Preset>(Shipped.Value, StringComparer.Ordinal);
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json") : [])
        {
            var name = Path.GetFileNameWithoutExtension(file);
            try
            {
                var reading = PresetReader.Read(name, File.ReadAllBytes(file));
                if (reading.Preset is { } preset)
                {
                    found[name] = preset;
                    continue;
                }

                foreach (var error in reading.Errors)
                {
                    Log.PresetRefused(log, Path.GetFileName(file), $"line {error.Line}, {error.Path}: {error.Message}");
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Log.PresetRefused(log, Path.GetFileName(file), e.Message);
            }

            if (last?.byName.GetValueOrDefault(name) is { } good)
            {
                found[name] = good;
            }
        }

        return new Presets(found);
    }

    /// <summary>Finds a preset.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Preset? preset) => byName.TryGetValue(name, out preset);

    /// <summary>What to tell a client that names a preset which is not there.</summary>
    public string Unknown(string name) =>
        $"There is no preset “{(name.Length > 64 ? name[..64] + "…" : name)}”. " + (Names.Count == 0
            ? "This gateway has none; put a JSON file into its presets folder, or use /v1/messages."
            : $"There are: {string.Join(", ", Names)}. Without a preset, use /v1/messages.");
}
