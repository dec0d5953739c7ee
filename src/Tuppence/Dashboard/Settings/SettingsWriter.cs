using System.Text.Json;
using Tuppence.Configuration.Loading;
using Tuppence.Configuration.Writing;

namespace Tuppence.Dashboard.Settings;

/// <summary>Changes options in the configuration file, one change at a time, and takes them back.</summary>
/// <param name="source">Where the configuration comes from: it reads what would be written, too.</param>
/// <param name="stateDirectory">Where earlier contents are kept.</param>
/// <param name="time">The clock.</param>
internal sealed class SettingsWriter(ConfigurationSource source, string stateDirectory, TimeProvider time)
{
    private readonly Lock single = new();
    private readonly ChangeHistory history = new(stateDirectory, "settings-history.json");

    /// <summary>Checks changes of a file of that version, and writes them unless <paramref name="checkOnly"/>.</summary>
    public SettingsOutcome Change(string version, IReadOnlyList<(string Path, JsonElement? Value)> changes, bool checkOnly)
    {
        lock (single)
        {
            return ChangeAlone(version, changes, checkOnly);
        }
    }

    /// <summary>Takes the latest change back.</summary>
    public SettingsOutcome Undo()
    {
        lock (single)
        {
            return UndoAlone();
        }
    }

    /// <summary>The file's content; null where there is none. Or why it cannot be read.</summary>
    public (byte[]? Bytes, string? Problem) Read()
    {
        try
        {
            return (new WrittenFile(source.FileToWrite).Read(), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"The configuration file cannot be read: {e.Message}");
        }
    }

    /// <summary>The version of a content.</summary>
    public static string VersionOf(byte[]? bytes) => bytes is null ? "none" : WrittenFile.VersionOf(bytes);

    private SettingsOutcome ChangeAlone(string version, IReadOnlyList<(string Path, JsonElement? Value)> changes, bool checkOnly)
    {
        var (bytes, problem) = Read();
        if (problem is not null)
        {
            return SettingsOutcome.Refused(version, problem);
        }

        if (VersionOf(bytes) is var now && now != version)
        {
            return SettingsOutcome.Refused(now, "The configuration file has been changed by somebody else meanwhile. Look at what it says now, then change it again.");
        }

        var before = source.Try(null).Loaded;
        var errors = new List<(string?, string)>();
        var after = bytes ?? [];
        foreach (var (path, value) in changes)
        {
            if (SettingsList.WhyFixed(path, before ?? source.Current) is { } reason)
            {
                errors.Add((path, reason));
            }
            else if (TryChange(after, path, value, out var changed, out var refusal))
            {
                after = changed;
            }
            else
            {
                errors.Add((path, refusal!));
            }
        }

        var result = source.Try(after);
        errors.AddRange(result.Errors.Select(static error => ((string?)(error.Key.Length == 0 ? null : error.Key), $"{error.Problem} {error.Remedy}")));
        if (errors.Count > 0 || result.Loaded is not { } loaded)
        {
            return new SettingsOutcome(false, now, errors);
        }

        if (checkOnly || after.AsSpan().SequenceEqual(bytes))
        {
            return new SettingsOutcome(true, now, []);
        }

        var text = string.Join("; ", changes.Select(change => SettingsList.Describe(change.Path, before, loaded)));
        return Put(bytes, after, text);
    }

    private SettingsOutcome UndoAlone()
    {
        var (bytes, problem) = Read();
        if (problem is not null || Undoable(bytes) is not [{ } latest, ..])
        {
            return SettingsOutcome.Refused(VersionOf(bytes), problem ?? "There is no change that could be taken back: none was made here, or the file was changed elsewhere since.");
        }

        if (latest.Before is { } before && source.Try(before).Errors is { Count: > 0 } errors)
        {
            return new SettingsOutcome(false, VersionOf(bytes), [.. errors.Select(static error => ((string?)error.Key, $"{error.Problem} {error.Remedy}"))]);
        }

        if (new WrittenFile(source.FileToWrite).Write(latest.Before) is { } unwritten)
        {
            return SettingsOutcome.Refused(VersionOf(bytes), unwritten);
        }

        var left = history.Read();
        left.Remove(left.First(change => change.File == latest.File));
        history.Write(left);
        return new SettingsOutcome(true, VersionOf(latest.Before), []);
    }

    private SettingsOutcome Put(byte[]? before, byte[] after, string text)
    {
        var file = source.FileToWrite;
        if (new WrittenFile(file).Write(after) is { } problem)
        {
            return SettingsOutcome.Refused(VersionOf(before), problem);
        }

        var kept = history.Read();
        kept.Insert(0, new KeptChange(time.GetUtcNow(), file, text, VersionOf(after), before));
        history.Write(kept);
        if (before is null)
        {
            source.Made();
        }

        return new SettingsOutcome(true, VersionOf(after), []);
    }

    /// <summary>The changes that can be taken back one after the other: each left the file as the next found it, and the newest as it is.</summary>
    public List<KeptChange> Undoable(byte[]? bytes)
    {
        var found = new List<KeptChange>();
        var version = VersionOf(bytes);
        foreach (var change in history.Read().Where(change => change.File == source.FileToWrite))
        {
            if (change.After != version)
            {
                break;
            }

            found.Add(change);
            version = VersionOf(change.Before);
        }

        return found;
    }

    private static bool TryChange(byte[] text, string path, JsonElement? value, out byte[] changed, out string? refusal)
    {
        changed = text;
        try
        {
            if (ConfigText.Change(text, path, value is { } given ? SettingsList.Written(path, given) : null, out refusal) is { } made)
            {
                changed = made;
                return true;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            refusal = "The configuration file is not valid at this moment, so nothing can be changed in it. Correct it first.";
        }

        return false;
    }
}
