using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Tuppence.Messages.Errors;

namespace Tuppence.Emulator.Models;

/// <summary>The model table that is embedded in Tuppence.Messages, read once.</summary>
internal sealed class EmbeddedModels : IEmulatedModels
{
    private const string Resource = "Tuppence.Messages.models.json";
    private readonly FrozenDictionary<string, EmulatedModel> byName;

    /// <summary>Reads the table.</summary>
    public EmbeddedModels()
    {
        using var stream = typeof(ErrorBody).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing from Tuppence.Messages.");
        using var table = JsonDocument.Parse(stream);

        All = [.. table.RootElement.GetProperty("models").EnumerateArray().Select(Read).OrderByDescending(model => model.Released)];
        byName = All
            .SelectMany(model => model.Aliases.Append(model.Id).Select(name => (name, model)))
            .ToFrozenDictionary(pair => pair.name, pair => pair.model, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyList<EmulatedModel> All { get; }

    /// <inheritdoc/>
    public EmulatedModel? Find(string idOrAlias) => byName.GetValueOrDefault(idOrAlias);

    private static EmulatedModel Read(JsonElement row)
    {
        var thinking = row.GetProperty("thinking");
        return new()
        {
            Id = row.GetProperty("id").GetString()!,
            Aliases = Strings(row.GetProperty("aliases")),
            Family = row.GetProperty("family").GetString()!,
            Released = DateOnly.ParseExact(row.GetProperty("released").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture),
            Context = row.GetProperty("context").GetInt32(),
            MaxOutput = row.GetProperty("maxOutput").GetInt32(),
            SamplingAtDefaultOnly = row.GetProperty("sampling").GetProperty("rule").ValueEquals("default-only"u8),
            ThinkingTypes = Strings(thinking.GetProperty("types")).ToFrozenSet(StringComparer.Ordinal),
            RejectedThinking = Strings(thinking.GetProperty("rejectedTypes")),
            ThinksByDefault = !thinking.GetProperty("default").ValueEquals("off"u8),
            OmitsThinkingText = thinking.GetProperty("displayDefault").ValueEquals("omitted"u8),
            Efforts = Strings(thinking.GetProperty("effortLevels")).ToFrozenSet(StringComparer.Ordinal),
            Prefill = row.GetProperty("prefill").GetBoolean(),
            ForcedToolChoice = row.GetProperty("forcedToolChoice").GetBoolean(),
            MidConversationSystem = row.GetProperty("midConversationSystem").GetBoolean(),
        };
    }

    private static string[] Strings(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(item => item.GetString()!)] : [];
}
