using System.Text.Json;
using Tuppence.Configuration.Loading;
using Tuppence.Configuration.Writing;
using Tuppence.Dashboard.Json;
using Tuppence.Exchange;

namespace Tuppence.Dashboard.Settings;

/// <summary>
/// <c>/tuppence/api/settings</c>: the options, and changes of them in the configuration file. What would be written is read by the very loader that reads
/// the file at start, and written only where all of it is right; the running gateway takes it up as any change of the file.
/// </summary>
/// <param name="source">Where the configuration comes from; null where it comes from no file.</param>
/// <param name="state">Clock and state folder.</param>
internal sealed class SettingsCalls(ConfigurationSource? source, GatewayState state)
{
    private const string NoSource = "This gateway was not started from a configuration that can be changed here.";

    private readonly Lock single = new();
    private readonly ChangeHistory history = new(state.Current.Config.StateDirectory, "settings-history.json");

    /// <summary>Lists all options.</summary>
    public Task ShowAsync(ApiCall call)
    {
        if (source is null)
        {
            return call.NotFoundAsync(NoSource);
        }

        var (bytes, problem) = Read(source);
        if (problem is not null)
        {
            return Answers.ErrorAsync(call.Context, ErrorKind.BadCall, problem);
        }

        // A file that is wrong at this moment changed nothing: then what is in force is shown.
        var loaded = source.Try(null).Loaded ?? source.Current!;
        return Answers.ObjectAsync(call.Context, json =>
        {
            json.WriteString("version"u8, VersionOf(bytes));
            json.WriteString("file"u8, source.FileToWrite);
            SettingsList.Write(json, loaded);
            json.WriteStartArray("changes"u8);
            foreach (var change in Undoable(source.FileToWrite, bytes))
            {
                json.WriteStartObject();
                json.WriteString("at"u8, change.At.UtcDateTime);
                json.WriteString("text"u8, change.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>Checks changes, and writes them unless <paramref name="checkOnly"/>.</summary>
    public async Task ChangeAsync(ApiCall call, bool checkOnly)
    {
        if (source is null)
        {
            await call.NotFoundAsync(NoSource);
            return;
        }

        if (await call.ReadAsync() is not { } body)
        {
            return;
        }

        using (body)
        {
            if (body.RootElement.TextOf("version") is not { } version || !TryChanges(body.RootElement, out var changes))
            {
                await call.RefuseAsync("A change of settings has a version and a list of changes, each with a path and a value; null takes an option out of the file.");
                return;
            }

            SettingsOutcome outcome;
            lock (single)
            {
                outcome = Change(source, version, changes, checkOnly);
            }

            await WriteAsync(call, outcome);
        }
    }

    /// <summary>Takes the latest change back.</summary>
    public Task UndoAsync(ApiCall call)
    {
        if (source is null)
        {
            return call.NotFoundAsync(NoSource);
        }

        SettingsOutcome outcome;
        lock (single)
        {
            outcome = Undo(source);
        }

        return WriteAsync(call, outcome);
    }

    private SettingsOutcome Change(ConfigurationSource source, string version, IReadOnlyList<(string Path, JsonElement? Value)> changes, bool checkOnly)
    {
        var (bytes, problem) = Read(source);
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
        return Put(source, bytes, after, text);
    }

    private SettingsOutcome Undo(ConfigurationSource source)
    {
        var (bytes, problem) = Read(source);
        if (problem is not null || Undoable(source.FileToWrite, bytes) is not [{ } latest, ..])
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

    private SettingsOutcome Put(ConfigurationSource source, byte[]? before, byte[] after, string text)
    {
        var file = source.FileToWrite;
        if (new WrittenFile(file).Write(after) is { } problem)
        {
            return SettingsOutcome.Refused(VersionOf(before), problem);
        }

        var kept = history.Read();
        kept.Insert(0, new KeptChange(state.Time.GetUtcNow(), file, text, VersionOf(after), before));
        history.Write(kept);
        if (before is null)
        {
            source.Made();
        }

        return new SettingsOutcome(true, VersionOf(after), []);
    }

    /// <summary>The changes that can be taken back one after the other: each left the file as the next found it, and the newest as it is.</summary>
    private List<KeptChange> Undoable(string file, byte[]? bytes)
    {
        var found = new List<KeptChange>();
        var version = VersionOf(bytes);
        foreach (var change in history.Read().Where(change => change.File == file))
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

    private static bool TryChanges(JsonElement body, out List<(string Path, JsonElement? Value)> changes)
    {
        changes = [];
        if (!body.TryGetProperty("changes", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var change in list.EnumerateArray())
        {
            if (change.ValueKind != JsonValueKind.Object || change.TextOf("path") is not { } path || !change.TryGetProperty("value", out var value))
            {
                return false;
            }

            changes.Add((path, value.ValueKind == JsonValueKind.Null ? null : value));
        }

        return changes.Count > 0;
    }

    private static (byte[]? Bytes, string? Problem) Read(ConfigurationSource source)
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

    private static string VersionOf(byte[]? bytes) => bytes is null ? "none" : WrittenFile.VersionOf(bytes);

    private static Task WriteAsync(ApiCall call, SettingsOutcome outcome) => Answers.ObjectAsync(call.Context, outcome.Write);
}
