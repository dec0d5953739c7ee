using System.Text.Json;

namespace Tuppence.Messages.Models;

/// <summary>Reads <c>models.json</c> with its overrides, without reflection.</summary>
internal static class ModelTableReader
{
    public static ModelTable Read(ReadOnlySpan<byte> table, ReadOnlySpan<byte> overrides)
    {
        var content = new ModelTableContent();
        ReadInto(content, table, "the model table");
        if (!overrides.IsEmpty)
        {
            ReadInto(content, overrides, "the model overrides");
        }

        return new ModelTable([.. content.Models], [.. content.Retired], content.CacheRules, content.PriceRules, content.Compiled);
    }

    private static void ReadInto(ModelTableContent content, ReadOnlySpan<byte> json, string what)
    {
        try
        {
            var reader = new Utf8JsonReader(json.StartsWith("\uFEFF"u8) ? json[3..] : json, new JsonReaderOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            });
            reader.Read();
            JsonRead.Object(ref reader, "$", content, static (ref reader, name, path, content) => content.Member(ref reader, name, path));
        }
        catch (JsonException e)
        {
            throw new FormatException($"Cannot read {what}: {e.Message}", e);
        }
    }
}
