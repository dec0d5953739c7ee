using System.Text;
using System.Text.Json;
using Tuppence.Dashboard.Json;
using Tuppence.Dashboard.Settings;
using Tuppence.Endpoints;
using Tuppence.Exchange;
using Tuppence.Messages.Edits;
using Tuppence.State.Ledger;

namespace Tuppence.Dashboard.Presets;

/// <summary><c>/tuppence/api/presets</c>: the presets, changes of them, and what they would make of a request.</summary>
/// <param name="state">Clock, ledger, configuration.</param>
internal sealed class PresetCalls(GatewayState state)
{
    private const int MostBytes = 1024 * 1024;

    private readonly Lock single = new();

    /// <summary>Lists them, with what their requests of the last 30 days cost.</summary>
    public async Task ListAsync(ApiCall call)
    {
        var query = new LedgerQuery { From = state.Time.GetUtcNow().AddDays(-30) };
        var costs = (await state.Ledger.SumAsync(query, LedgerGrouping.Preset, call.Cancellation))
            .Where(static sum => sum.Group is not null).ToDictionary(static sum => sum.Group!, StringComparer.Ordinal);
        var files = FilesOf(call);
        var names = files.Names.Concat(call.Gateway.Presets.Names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        await Answers.ObjectAsync(call.Context, json =>
        {
            json.WriteStartArray("presets"u8);
            foreach (var name in names)
            {
                json.WriteStartObject();
                WriteHead(json, call, files, name);
                json.WritePropertyName("cost"u8);
                if (costs.TryGetValue(name, out var sum))
                {
                    LedgerJson.Write(json, sum);
                }
                else
                {
                    json.WriteNullValue();
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>Shows one.</summary>
    public Task ShowAsync(ApiCall call)
    {
        var (name, files) = (call.Segments[1], FilesOf(call));
        return !PresetReader.IsName(name) || files.Read(name) is not { } text
            ? call.NotFoundAsync(call.Gateway.Presets.Unknown(name))
            : Answers.ObjectAsync(call.Context, json =>
            {
                WriteHead(json, call, files, name);
                json.WriteNull("cost"u8);
                json.WriteString("text"u8, Encoding.UTF8.GetString(text));
                json.WriteString("version"u8, WrittenFile.VersionOf(text));
            });
    }

    /// <summary>Writes one.</summary>
    public async Task WriteAsync(ApiCall call)
    {
        if (await call.ReadAsync() is not { } body)
        {
            return;
        }

        using (body)
        {
            if (body.RootElement.TextOf("text") is not { Length: <= MostBytes } text)
            {
                await call.RefuseAsync("A preset is written as text, of at most 1 MB: {\"text\": …, \"version\": … or null}.");
                return;
            }

            var bytes = Encoding.UTF8.GetBytes(text);
            var reading = PresetReader.Read(call.Segments[1], bytes);
            if (reading.Preset is null)
            {
                var errors = reading.Errors.Select(static error => ((string?)error.Path, $"line {error.Line}, {error.Path}: {error.Message}"));
                await Answers.ObjectAsync(call.Context, new SettingsOutcome(false, "", [.. errors]).Write);
                return;
            }

            await PutAsync(call, bytes, body.RootElement.TextOf("version"), mustBe: body.RootElement.TryGetProperty("version", out _));
        }
    }

    /// <summary>Deletes one; what ships cannot be, but a file that takes its place can.</summary>
    public async Task DeleteAsync(ApiCall call)
    {
        if (await call.ReadAsync() is not { } body)
        {
            return;
        }

        using (body)
        {
            var (name, files) = (call.Segments[1], FilesOf(call));
            if (!PresetReader.IsName(name) || files.Read(name) is null)
            {
                await call.NotFoundAsync(call.Gateway.Presets.Unknown(name));
            }
            else if (files.IsShipped(name))
            {
                await call.RefuseAsync($"“{name}” is part of Tuppence and cannot be deleted. A preset of yours with that name takes its place.");
            }
            else
            {
                await PutAsync(call, null, body.RootElement.TextOf("version"), mustBe: body.RootElement.TextOf("version") is not null);
            }
        }
    }

    /// <summary>Shows earlier versions.</summary>
    public Task HistoryAsync(ApiCall call) => Answers.ObjectAsync(call.Context, json =>
    {
        json.WriteStartArray("versions"u8);
        foreach (var (version, at, text) in PresetReader.IsName(call.Segments[1]) ? FilesOf(call).HistoryOf(call.Segments[1]) : [])
        {
            json.WriteStartObject();
            json.WriteString("version"u8, version);
            json.WriteString("at"u8, at.UtcDateTime);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>Shows what a preset's text would make of a request. Nothing is sent, written or learned.</summary>
    public static async Task TryAsync(ApiCall call)
    {
        if (await call.ReadAsync() is not { } body)
        {
            return;
        }

        using (body)
        {
            if (body.RootElement.TextOf("text") is not { } text || !body.RootElement.TryGetProperty("request", out var request))
            {
                await call.RefuseAsync("To try a preset, send its text and a Messages request: {\"text\": …, \"request\": {…}}.");
                return;
            }

            var bytes = Encoding.UTF8.GetBytes(request.ValueKind == JsonValueKind.String ? body.RootElement.TextOf("request") ?? "" : request.GetRawText());
            await Answers.ObjectAsync(call.Context, PresetTrial.Of(call.Gateway, call.Segments[1], Encoding.UTF8.GetBytes(text), bytes).Write);
        }
    }

    private Task PutAsync(ApiCall call, byte[]? content, string? version, bool mustBe)
    {
        SettingsOutcome outcome;
        lock (single)
        {
            outcome = Put(call.Segments[1], FilesOf(call), content, version, mustBe);
        }

        if (outcome.IsOk)
        {
            state.Dashboard.ReloadPresets?.Invoke();
        }

        return Answers.ObjectAsync(call.Context, outcome.Write);
    }

    private static SettingsOutcome Put(string name, PresetFiles files, byte[]? content, string? version, bool mustBe)
    {
        try
        {
            var now = files.Read(name) is { } current ? WrittenFile.VersionOf(current) : null;
            if (mustBe && version != now)
            {
                return SettingsOutcome.Refused(now ?? "", now is null ? "The preset has been deleted meanwhile."
                    : version is null ? "There is a preset of that name already."
                    : "The preset has been changed by somebody else meanwhile. Look at what it says now, then change it again.");
            }

            return files.Write(name, content) is { } problem
                ? SettingsOutcome.Refused(now ?? "", problem)
                : new SettingsOutcome(true, content is null ? "" : WrittenFile.VersionOf(content), []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return SettingsOutcome.Refused(version ?? "", $"The preset cannot be read: {e.Message}");
        }
    }

    private PresetFiles FilesOf(ApiCall call) =>
        new(Path.GetFullPath(call.Gateway.Config.PresetsDirectory, state.Dashboard.BaseDirectory), call.Gateway.Config.StateDirectory, state.Time);

    private static void WriteHead(Utf8JsonWriter json, ApiCall call, PresetFiles files, string name)
    {
        json.WriteString("name"u8, name);
        json.WriteString("description"u8, call.Gateway.Presets.TryGet(name, out var preset) ? preset.Description : null);
        json.WriteString("url"u8, $"{FrontPageState.UrlOf(call.Context)}/{Uri.EscapeDataString(name)}");
        json.WriteBoolean("shipped"u8, files.IsShipped(name));
    }
}
