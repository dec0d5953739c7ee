using System.Text;
using System.Text.Json;
using Tuppence.Messages.Edits;

namespace Tuppence.Tests.Golden;

/// <summary>
/// One folder a case in <c>edits/</c>: <c>config.json</c> (what is configured), <c>request.json</c> (what the client sends), <c>expected.json</c> (what
/// goes upstream, byte for byte) and <c>edits.txt</c> (the value of x-tuppence-edits; for a refusal <c>refused:</c> and the reason).
/// </summary>
public sealed class MessagesEditGoldenTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "edits");

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    [Fact]
    public void There_are_at_least_25_cases() => Assert.True(Cases.Count >= 25);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_request_becomes_what_the_manual_says(string name)
    {
        byte[] File(string file) => System.IO.File.ReadAllBytes(Path.Combine(Folder, name, file));
        using var config = JsonDocument.Parse(File("config.json"));
        var root = config.RootElement;
        using var outcome = Settings(root).Compile().Apply(
            File("request.json"), new EditContext(root.TryGetProperty("anthropicVersion", out var version) ? version.GetString() : "2023-06-01"));

        var said = Encoding.UTF8.GetString(File("edits.txt")).TrimEnd('\n');
        if (said.StartsWith("refused: ", StringComparison.Ordinal))
        {
            Assert.Equal(said["refused: ".Length..], outcome.Fault?.Message);
            return;
        }

        Assert.Null(outcome.Fault);
        var output = new byte[outcome.Length];
        outcome.CopyTo(output);
        Assert.Equal(Encoding.UTF8.GetString(File("expected.json")), Encoding.UTF8.GetString(output));
        Assert.Equal(said, AppliedEdit.WriteHeaderValue(outcome.Applied));
    }

    private static EditSettings Settings(JsonElement config)
    {
        Preset? preset = null;
        if (config.TryGetProperty("preset", out var file))
        {
            var reading = PresetReader.Read("story", Encoding.UTF8.GetBytes(file.GetRawText()));
            Assert.Empty(reading.Errors);
            preset = reading.Preset;
        }

        return new EditSettings
        {
            Preset = preset,
            ModelAliases = config.TryGetProperty("modelAliases", out var aliases)
                ? aliases.EnumerateObject().ToDictionary(a => a.Name, a => a.Value.GetString()!, StringComparer.Ordinal)
                : [],
            Preamble = config.TryGetProperty("preamble", out var preamble) ? preamble.GetString() : null,
            StripCacheTtl = config.TryGetProperty("stripCacheTtl", out var strip) && strip.GetBoolean(),
            SamplingFilter = config.TryGetProperty("filterSamplingParams", out var mode) ? Enum.Parse<SamplingFilterMode>(mode.GetString()!, ignoreCase: true) : SamplingFilterMode.Off,
        };
    }
}
