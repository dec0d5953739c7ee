using System.Text.Json;
using Tuppence.Dashboard.Json;
using Tuppence.State.Ledger;
using Tuppence.Texts;

namespace Tuppence.Dashboard.Requests;

/// <summary>What is remembered of one of the latest requests.</summary>
/// <param name="Entry">Its row.</param>
/// <param name="Request">Its head.</param>
/// <param name="Response">The answer's head; null where there was none.</param>
/// <param name="Before">Its body as it came; null where nothing was edited or it was too long.</param>
/// <param name="After">Its body as it was sent.</param>
internal sealed record RequestDetail(LedgerEntry Entry, ShownHead Request, ShownHead? Response, byte[]? Before, byte[]? After)
{
    /// <summary>Writes all members but the row.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="detail">What is remembered, or null.</param>
    /// <param name="edits">The declared edits.</param>
    /// <param name="withBodies">Whether the user allows content to be kept, so that it is shown too.</param>
    public static void Write(Utf8JsonWriter json, RequestDetail? detail, string edits, bool withBodies)
    {
        Write(json, "request"u8, detail?.Request);
        Write(json, "response"u8, detail?.Response);
        var (before, after) = (LinesOf(detail?.Before), LinesOf(detail?.After));
        if (before is null || after is null)
        {
            // Without edits there is nothing that could be gone.
            if (edits.Length == 0)
            {
                json.WriteStartArray("edits"u8);
                json.WriteEndArray();
            }
            else
            {
                json.WriteNull("edits"u8);
            }

            json.WriteNull("bodies"u8);
            return;
        }

        json.WriteStartArray("edits"u8);
        json.WriteStartObject();
        json.WriteString("name"u8, edits);
        json.WritePropertyName("diff"u8);
        DiffJson.Write(json, before, after);
        json.WriteEndObject();
        json.WriteEndArray();
        if (!withBodies)
        {
            json.WriteNull("bodies"u8);
            return;
        }

        json.WriteStartObject("bodies"u8);
        json.WriteString("before"u8, string.Join('\n', before));
        json.WriteString("after"u8, string.Join('\n', after));
        json.WriteString("answer"u8, ""u8);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, ShownHead? head)
    {
        if (head is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("line"u8, head.Line);
        json.WriteStartArray("headers"u8);
        foreach (var (header, value) in head.Headers)
        {
            json.WriteStartArray();
            json.WriteStringValue(header);
            json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string[]? LinesOf(byte[]? body)
    {
        try
        {
            return body is null ? null : RequestLines.Of(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
