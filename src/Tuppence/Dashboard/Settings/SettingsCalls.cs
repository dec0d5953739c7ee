using System.Text.Json;
using Tuppence.Configuration.Loading;
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

    private readonly SettingsWriter? writer = source is null ? null : new SettingsWriter(source, state.Current.Config.StateDirectory, state.Time);

    /// <summary>Lists all options.</summary>
    public Task ShowAsync(ApiCall call)
    {
        if (source is null || writer is null)
        {
            return call.NotFoundAsync(NoSource);
        }

        var (bytes, problem) = writer.Read();
        if (problem is not null)
        {
            return Answers.ErrorAsync(call.Context, ErrorKind.BadCall, problem);
        }

        // A file that is wrong at this moment changed nothing: then what is in force is shown.
        var loaded = source.Try(null).Loaded ?? source.Current!;
        return Answers.ObjectAsync(call.Context, json =>
        {
            json.WriteString("version"u8, SettingsWriter.VersionOf(bytes));
            json.WriteString("file"u8, source.FileToWrite);
            SettingsList.Write(json, loaded);
            json.WriteStartArray("changes"u8);
            foreach (var change in writer.Undoable(bytes))
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
        if (writer is null)
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

            await WriteAsync(call, writer.Change(version, changes, checkOnly));
        }
    }

    /// <summary>Takes the latest change back.</summary>
    public Task UndoAsync(ApiCall call) => writer is null ? call.NotFoundAsync(NoSource) : WriteAsync(call, writer.Undo());

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

    private static Task WriteAsync(ApiCall call, SettingsOutcome outcome) => Answers.ObjectAsync(call.Context, outcome.Write);
}
