using System.Buffers;
using System.Text.Json;
using Tuppence.Messages.Models;

namespace Tuppence.ClaudeCode;

/// <summary>
/// <c>GET /v1/models</c> of the upstream: the models in service that this build knows. The program is not asked, and passes any name on; which of
/// them a sign-in may use is its provider's affair.
/// </summary>
internal static class ListedModels
{
    /// <summary>The list, in one page.</summary>
    public static ReadOnlyMemory<byte> All { get; } = ModelListing.Write([.. InService.Select(static model => new ModelListingEntry(model.Id, Write(model)))]);

    /// <summary>One of them by id or alias, or null.</summary>
    public static ReadOnlyMemory<byte>? Find(string id) =>
        InService.FirstOrDefault(model => model.Id == id || model.Aliases.Contains(id, StringComparer.Ordinal)) is { } model ? Write(model) : (ReadOnlyMemory<byte>?)null;

    private static IEnumerable<Model> InService => ModelTable.Default.Models.Where(static model => model.Status.StartsWith("active", StringComparison.Ordinal));

    private static ReadOnlyMemory<byte> Write(Model model)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "model"u8);
            json.WriteString("id"u8, model.Id);
            json.WriteString("display_name"u8, model.Id);
            json.WriteString("created_at"u8, (model.Released ?? "1970-01-01") + "T00:00:00Z");
            json.WriteNumber("max_input_tokens"u8, model.Context);
            json.WriteNumber("max_tokens"u8, model.MaxOutput);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
