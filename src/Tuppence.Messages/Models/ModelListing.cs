using System.Buffers;
using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Models;

/// <summary>Reads and writes the body of <c>GET /v1/models</c>; entries keep the bytes that their upstream wrote.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/api/models-list (2026-10-21).</remarks>
public static class ModelListing
{
    /// <summary>Reads the entries of a list. False where it is not one.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, out IReadOnlyList<ModelListingEntry> entries)
    {
        var found = new List<ModelListingEntry>();
        entries = found;
        var json = body.Span;
        var cursor = new JsonCursor(json, JsonCursor.DeepestNesting);
        if (cursor.Next() != '{' || !cursor.Enter())
        {
            return false;
        }

        var isList = false;
        for (var first = true; cursor.NextMember(ref first, out var name);)
        {
            if (!JsonText.Means(name.Of(json), "data"u8) || cursor.Next() != '[')
            {
                cursor.SkipValue();
                continue;
            }

            isList = true;
            cursor.Enter();
            for (var firstEntry = true; cursor.NextElement(ref firstEntry);)
            {
                cursor.Next();
                var start = cursor.At;
                if (cursor.SkipValue() && JsonText.TryMember(json[start..cursor.At], "id"u8, out var id) && id[0] == '"')
                {
                    found.Add(new ModelListingEntry(JsonText.Decode(id), body[start..cursor.At]));
                }
                else if (cursor.Fault is not null)
                {
                    return false;
                }
            }
        }

        return isList && cursor.Fault is null && cursor.End();
    }

    /// <summary>The entry of an alias: what is known of the model that is meant, under the alias's name.</summary>
    /// <param name="alias">The name that a front end may send.</param>
    /// <param name="target">The model that is meant.</param>
    /// <param name="known">Its own entry, or null where no upstream lists it.</param>
    public static ModelListingEntry Alias(string alias, string target, ModelListingEntry? known)
    {
        ReadOnlySpan<byte> entry = known is null
            ? "{\"type\":\"model\",\"id\":\"\",\"display_name\":\"\",\"created_at\":\"1970-01-01T00:00:00Z\"}"u8
            : known.Json.Span;
        var named = JsonText.WithMember(entry, "id"u8, JsonText.Quote(alias));
        return new ModelListingEntry(alias, JsonText.WithMember(named, "display_name"u8, JsonText.Quote($"{alias} ({target})")));
    }

    /// <summary>Writes a list of one page.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<ModelListingEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var body = new ArrayBufferWriter<byte>(4096);
        body.Write("{\"data\":["u8);
        for (var i = 0; i < entries.Count; i++)
        {
            body.Write(i == 0 ? default : ","u8);
            body.Write(entries[i].Json.Span);
        }

        body.Write("],\"has_more\":false,\"first_id\":"u8);
        body.Write(entries.Count == 0 ? "null"u8 : JsonText.Quote(entries[0].Id));
        body.Write(",\"last_id\":"u8);
        body.Write(entries.Count == 0 ? "null"u8 : JsonText.Quote(entries[^1].Id));
        body.Write("}"u8);
        return body.WrittenMemory;
    }
}
