using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tuppence.Emulator.Replies;

namespace Tuppence.Emulator.Models;

/// <summary>Serves <c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/api/models-list (2026-08-22) and the SDKs' <c>ModelInfo</c> of 2026-11-20.</remarks>
internal sealed class ModelsEndpoint(IEmulatedModels models)
{
    private const int DefaultLimit = 20;
    private const int MostLimit = 1000;

    /// <summary>A page, newest model first; <c>limit</c>, <c>after_id</c>, <c>before_id</c> choose it.</summary>
    public (ReadOnlyMemory<byte> Body, ApiError? Error) List(IQueryCollection query)
    {
        var limit = DefaultLimit;
        if (query["limit"].FirstOrDefault() is { } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostLimit))
        {
            return (default, ApiError.Invalid($"limit: Input should be a whole number from 1 to {MostLimit}"));
        }

        var (after, before) = (query["after_id"].FirstOrDefault(), query["before_id"].FirstOrDefault());
        if (after is not null && before is not null)
        {
            return (default, ApiError.Invalid("Only one of after_id and before_id may be given."));
        }

        if ((after ?? before) is { } cursor && models.Find(cursor) is null)
        {
            return (default, ApiError.Invalid($"{(after is null ? "before_id" : "after_id")}: there is no model {cursor}"));
        }

        var all = models.All;
        var (from, to) = (after, before) switch
        {
            ({ } id, _) => (IndexOf(id) + 1, all.Count),
            (_, { } id) => (Math.Max(0, IndexOf(id) - limit), IndexOf(id)),
            _ => (0, all.Count),
        };
        var page = all.Skip(from).Take(Math.Min(limit, to - from)).ToArray();
        var more = before is null ? from + page.Length < all.Count : from > 0;
        return (Write(json =>
        {
            json.WriteStartArray("data"u8);
            foreach (var model in page)
            {
                json.WriteStartObject();
                Model(json, model);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteBoolean("has_more"u8, more);
            json.WriteString("first_id"u8, page.FirstOrDefault()?.Id);
            json.WriteString("last_id"u8, page.LastOrDefault()?.Id);
        }), null);
    }

    /// <summary>One model, by id or alias.</summary>
    public (ReadOnlyMemory<byte> Body, ApiError? Error) Get(string id) =>
        models.Find(id) is { } model ? (Write(json => Model(json, model)), null) : (default, ApiError.NotFound($"model: {id}"));

    private int IndexOf(string id)
    {
        var found = models.Find(id);
        return models.All.TakeWhile(model => model != found).Count();
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, MessageJson.Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Model(Utf8JsonWriter json, EmulatedModel model)
    {
        json.WriteString("type"u8, "model"u8);
        json.WriteString("id"u8, model.Id);
        json.WriteString("display_name"u8, model.DisplayName);
        json.WriteString("created_at"u8, $"{model.Released:yyyy-MM-dd}T00:00:00Z");
        json.WriteNumber("max_input_tokens"u8, model.Context);
        json.WriteNumber("max_tokens"u8, model.MaxOutput);
        json.WriteString("line"u8, model.Family);
        json.WriteString("lifecycle"u8, "active"u8);
        json.WriteNull("deprecated_at"u8);
        json.WriteNull("retires_at"u8);
        json.WriteStartObject("capabilities"u8);
        foreach (var (name, supported) in new[] { ("batch", false), ("citations", false), ("code_execution", false), ("image_input", true), ("pdf_input", true), ("structured_outputs", false) })
        {
            Support(json, name, supported);
        }

        json.WriteStartObject("context_management"u8);
        json.WriteBoolean("supported"u8, value: false);
        json.WriteNull("clear_thinking_20251015"u8);
        json.WriteNull("clear_tool_uses_20250919"u8);
        json.WriteNull("compact_20260112"u8);
        json.WriteEndObject();
        Group(json, "effort", model.Efforts.Count > 0, ["low", "medium", "high", "xhigh", "max"], model.Efforts.Contains);
        Group(json, "server_tools", supported: false, ["code_execution", "web_search"], _ => false);
        json.WriteStartObject("thinking"u8);
        json.WriteBoolean("supported"u8, model.ThinkingTypes.Count > 0);
        Group(json, "types", supported: null, ["adaptive", "between_tools", "disabled", "enabled"], type => !model.Refuses(type, effort: null));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Group(Utf8JsonWriter json, string name, bool? supported, string[] members, Func<string, bool> supports)
    {
        json.WriteStartObject(name);
        if (supported is { } whole)
        {
            json.WriteBoolean("supported"u8, whole);
        }

        foreach (var member in members)
        {
            Support(json, member, supports(member));
        }

        json.WriteEndObject();
    }

    private static void Support(Utf8JsonWriter json, string name, bool supported)
    {
        json.WriteStartObject(name);
        json.WriteBoolean("supported"u8, supported);
        json.WriteEndObject();
    }
}
