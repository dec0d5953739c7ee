using System.Text;
using System.Text.Unicode;
using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Layers;
using Tuppence.Configuration.Rules;

namespace Tuppence.Configuration.Loading;

/// <summary>The configuration file: which one it is, and the assignments in it.</summary>
internal sealed class ConfigFile
{
    private const string FileName = "tuppence.json";
    private const int MostBytes = 1 << 20;

    private readonly ConfigOrigin origin;
    private readonly ConfigOrigin namedBy;

    private ConfigFile(string path, string shown, ConfigOrigin namedBy)
    {
        Path = path;
        this.namedBy = namedBy;
        origin = new ConfigOrigin(OriginKind.File, shown);
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>The path as messages show it.</summary>
    public string Shown => origin.Name;

    /// <summary>The file that a flag or <c>TUPPENCE_CONFIG</c> names, else the first <c>tuppence.json</c> there is, else null.</summary>
    public static ConfigFile? Find(Surroundings surroundings, string? flag)
    {
        if (flag is not null)
        {
            return At(surroundings, flag, new ConfigOrigin(OriginKind.Flag, "--config"));
        }

        if (surroundings["TUPPENCE_CONFIG"] is { } named)
        {
            return At(surroundings, named, new ConfigOrigin(OriginKind.Environment, "TUPPENCE_CONFIG"));
        }

        string?[] places = [System.IO.Path.Combine(surroundings.WorkingDirectory, FileName),
            surroundings.UserConfigDirectory is { } user ? System.IO.Path.Combine(user, "tuppence", FileName) : null];
        return Array.Find(places, File.Exists) is { } found ? At(surroundings, found, ConfigOrigin.BuiltIn) : null;
    }

    /// <summary>The file that <see cref="Find"/> gives, else the first that it looks for: there a new one would be found.</summary>
    public static ConfigFile ToWrite(Surroundings surroundings, string? flag) =>
        Find(surroundings, flag) ?? At(surroundings, System.IO.Path.Combine(surroundings.WorkingDirectory, FileName), ConfigOrigin.BuiltIn);

    /// <summary>What is read in place of the file's content, to see what would come of it; null: the file.</summary>
    public byte[]? Candidate { get; init; }

    /// <summary>The same file with another content.</summary>
    public ConfigFile With(byte[] candidate) => new(Path, Shown, namedBy) { Candidate = candidate };

    /// <summary>Where each upstream is named, also one about which nothing else could be read.</summary>
    public Dictionary<string, ConfigOrigin> Upstreams { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the assignments. False where the file could not be read at all; either way all problems are in <paramref name="errors"/>.</summary>
    public bool TryRead(List<Assignment> assignments, List<ConfigError> errors)
    {
        if (Bytes(errors) is not { } bytes)
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(bytes);
        if (KeyValueReader.Recognizes(text))
        {
            var before = errors.Count;
            foreach (var assignment in KeyValueReader.Read(text, origin, errors))
            {
                Add(assignment, assignments, errors);
            }

            return errors.Count == before || assignments.Count > 0;
        }

        if (new JsonConfigReader(bytes, origin).Read(errors) is not { } root)
        {
            return false;
        }

        Members(root, "", assignments, errors);
        return true;
    }

    private static ConfigFile At(Surroundings surroundings, string path, ConfigOrigin namedBy)
    {
        var full = surroundings.FullPath(path, surroundings.WorkingDirectory);
        var relative = System.IO.Path.GetRelativePath(surroundings.WorkingDirectory, full);
        return new ConfigFile(full, relative.StartsWith("..", StringComparison.Ordinal) ? full : relative, namedBy);
    }

    private void Members(ConfigNode node, string prefix, List<Assignment> assignments, List<ConfigError> errors)
    {
        if (node.Kind == NodeKind.Null)
        {
            return;
        }

        if (node.Kind != NodeKind.Object)
        {
            errors.Add(new ConfigError(node.Origin, prefix.TrimEnd('.'), $"Expected an object, found {node.Name}.", "an object: { ... }", "Put the settings in braces."));
            return;
        }

        foreach (var member in node.Members)
        {
            var key = prefix + member.Name;
            if (key == "upstreams" || (prefix.Length == 0 && SettingIndex.IsGroup(key)) || (IsUpstream(prefix) && SettingIndex.IsUpstreamGroup(member.Name)))
            {
                Members(member.Value, key + ".", assignments, errors);
            }
            else if (prefix == "upstreams.")
            {
                if (NameRules.Upstream(member.Name) is { } refusal)
                {
                    errors.Add(new ConfigError(member.Origin, key, refusal.Problem, null, refusal.Remedy!));
                    continue;
                }

                Upstreams.TryAdd(member.Name, member.Origin);
                Members(member.Value, key + ".", assignments, errors);
            }
            else if (key != "$schema")
            {
                Add(new Assignment(key, member.Origin, member.Value), assignments, errors);
            }
        }
    }

    // "upstreams.NAME."
    private static bool IsUpstream(string prefix) => prefix.StartsWith("upstreams.", StringComparison.Ordinal) && prefix.AsSpan().Count('.') == 2;

    private static void Add(Assignment assignment, List<Assignment> assignments, List<ConfigError> errors)
    {
        var key = assignment.Key;
        if (SettingIndex.Gateway(key) is null && SettingIndex.Upstream(key, out _) is null)
        {
            var near = SettingIndex.Suggest(key);
            errors.Add(new ConfigError(
                assignment.Named,
                key,
                "There is no such option.",
                null,
                near is null ? "Remove it; \"tuppence config\" lists the options." : $"Did you mean {near}?"));
            return;
        }

        var first = assignments.FindIndex(earlier => earlier.Key == key);
        if (first >= 0)
        {
            errors.Add(new ConfigError(assignment.Named, key, $"The option is given twice; the first is at {assignments[first].Named}.", null, "Keep one of the two."));
            return;
        }

        assignments.Add(assignment);
    }

    private byte[]? Bytes(List<ConfigError> errors)
    {
        try
        {
            if ((Candidate?.LongLength ?? (new FileInfo(Path) is { Exists: true, Length: var length } ? length : 0)) > MostBytes)
            {
                return Fail("The file is larger than 1 MB, so it is hardly a configuration.", "Name the right file.");
            }

            var bytes = Candidate ?? File.ReadAllBytes(Path);
            var start = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
            return Utf8.IsValid(bytes) && !bytes.AsSpan().Contains((byte)0)
                ? bytes[start..]
                : Fail("The file is not UTF-8 text.", "Save it with the encoding UTF-8.");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Fail("There is no such file.", namedBy.Kind == OriginKind.Default ? "Put it back, or restart without it." : $"Correct the path that {namedBy} gives.");
        }
        catch (UnauthorizedAccessException)
        {
            return Fail(Directory.Exists(Path) ? "This is a folder." : "The file may not be read by this user.", "Name a file that this user can read.");
        }
        catch (IOException broken)
        {
            return Fail($"The file could not be read: {broken.Message}", "Check the disk or the mount.");
        }

        byte[]? Fail(string problem, string remedy)
        {
            errors.Add(new ConfigError(origin, "", problem, null, remedy));
            return null;
        }
    }
}
