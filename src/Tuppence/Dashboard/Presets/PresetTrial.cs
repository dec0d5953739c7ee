using System.Text.Json;
using Tuppence.Configuration;
using Tuppence.Dashboard.Json;
using Tuppence.Exchange;
using Tuppence.Hosting;
using Tuppence.Messages.Edits;
using Tuppence.Texts;

namespace Tuppence.Dashboard.Presets;

/// <summary>What a preset would make of a request: <c>PresetTry</c> of the contract. Breakpoints of the prompt cache are not shown; they depend on what was sent before.</summary>
/// <param name="Before">The request, line by line.</param>
/// <param name="After">As it would go out.</param>
/// <param name="Errors">What is wrong with the preset or the request.</param>
internal sealed record PresetTrial(string[] Before, string[] After, IReadOnlyList<string> Errors)
{
    private const string Version = "2023-06-01";

    /// <summary>Makes the edits that the preset's upstream would get, or else the default one.</summary>
    public static PresetTrial Of(Gateway gateway, string name, byte[] preset, byte[] request)
    {
        string[] before;
        try
        {
            before = RequestLines.Of(request);
        }
        catch (JsonException)
        {
            return new PresetTrial([], [], ["The request is not JSON."]);
        }

        var reading = PresetReader.Read(name, preset);
        if (reading.Preset is not { } right)
        {
            return new PresetTrial(before, before, [.. reading.Errors.Select(static error => $"line {error.Line}, {error.Path}: {error.Message}")]);
        }

        var upstream = right.Upstream is { } wanted ? gateway.Upstreams.FirstOrDefault(one => one.Name == wanted) : gateway.Choice.Default;
        if (upstream is null)
        {
            return new PresetTrial(before, before, [$"The preset names the upstream “{right.Upstream}”, which does not exist."]);
        }

        var entry = gateway.Config.Upstreams.GetValueOrDefault(upstream.Name) ?? new UpstreamConfig();
        var edits = (GatewayBuilder.EditSettingsOf(entry, gateway.Config) with { Preset = right }).Compile();
        using var outcome = edits.Apply(request, new EditContext(Version));
        if (outcome.Fault is { } fault)
        {
            return new PresetTrial(before, before, [fault.Message]);
        }

        var after = new byte[outcome.Length];
        outcome.CopyTo(after);
        return new PresetTrial(before, RequestLines.Of(after), []);
    }

    /// <summary>Writes its members.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("before"u8, string.Join('\n', Before));
        json.WriteString("after"u8, string.Join('\n', After));
        json.WritePropertyName("diff"u8);
        DiffJson.Write(json, Before, After);
        json.WriteStartArray("errors"u8);
        foreach (var error in Errors)
        {
            json.WriteStringValue(error);
        }

        json.WriteEndArray();
    }
}
