using System.Text;
using System.Text.Json;
using Tuppence.Dashboard.Json;
using Tuppence.State.Ledger;
using Tuppence.Texts;

namespace Tuppence.Dashboard.Requests;

/// <summary>What is remembered of one of the latest requests.</summary>
/// <param name="Entry">Its row.</param>
/// <param name="Request">Its head.</param>
/// <param name="Response">The answer's head; null where there was none.</param>
/// <param name="Before">Its body as it came; null where it is not kept.</param>
/// <param name="After">Its body as it was sent; empty where nothing was edited.</param>
/// <param name="Answer">The answer's body; null where it is not kept.</param>
/// <param name="IsAnswerCut">Whether of a longer answer that is the beginning.</param>
internal sealed record RequestDetail(LedgerEntry Entry, ShownHead Request, ShownHead? Response, byte[]? Before, byte[]? After, byte[]? Answer, bool IsAnswerCut)
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
        var before = LinesOf(detail?.Before);
        var after = detail?.After is { Length: > 0 } sent ? LinesOf(sent) : edits.Length == 0 ? before : null;
        WriteEdits(json, edits, before, after);
        if (!withBodies || before is null || after is null)
        {
            json.WriteNull("bodies"u8);
            return;
        }

        json.WriteStartObject("bodies"u8);
        json.WriteString("before"u8, string.Join('\n', before));
        json.WriteString("after"u8, string.Join('\n', after));
        json.WriteString("answer"u8, Encoding.UTF8.GetString(detail!.Answer ?? []) + (detail.IsAnswerCut ? "\n… (longer than is kept)" : ""));
        json.WriteEndObject();
    }

    private static void WriteEdits(Utf8JsonWriter json, string edits, string[]? before, string[]? after)
    {
        if (edits.Length > 0 && (before is null || after is null))
        {
            json.WriteNull("edits"u8);
            return;
        }

        json.WriteStartArray("edits"u8);
        if (edits.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, edits);
            json.WritePropertyName("diff"u8);
            DiffJson.Write(json, before!, after!);
            json.WriteEndObject();
        }

        json.WriteEndArray();
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
