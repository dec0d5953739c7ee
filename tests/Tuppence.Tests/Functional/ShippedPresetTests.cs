using System.Text.Json;
using Tuppence.Messages.Edits;
using Tuppence.Tests.Golden.Configuration;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional;

/// <summary>The presets in the repository's folder are right, and do what they say through a gateway.</summary>
public sealed class ShippedPresetTests
{
    private static readonly string[] Shipped = ["assistant", "storyteller"];

    public static TheoryData<string> Names() => new(Directory.EnumerateFiles(Folder, "*.json").Select(static file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    private static string Folder => Path.Combine(GoldenText.RepositoryRoot, "presets");

    [Fact]
    public void Two_presets_ship() => Assert.Equal(Shipped, Directory.EnumerateFiles(Folder).Select(static file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_shipped_preset_reads_without_errors_and_says_what_it_is_for(string name)
    {
        var reading = PresetReader.Read(name, File.ReadAllBytes(FileOf(name)));
        Assert.Empty(reading.Errors);
        Assert.False(string.IsNullOrWhiteSpace(reading.Preset!.Description));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_shipped_preset_adds_its_system_text_and_is_answered(string name)
    {
        await using var gateway = await TestGateway.StartAsync(presets: (name, await File.ReadAllTextAsync(FileOf(name), TestContext.Current.CancellationToken)));
        const string body = """{"model":"claude-haiku-4-5","max_tokens":100,"system":"First.","messages":[{"role":"user","content":"Hello"}]}""";

        var dry = await gateway.PostAsync(body, $"/v1/{name}/messages?dry-run=true");
        using var edited = JsonDocument.Parse(dry.Body);
        using var file = JsonDocument.Parse(await File.ReadAllBytesAsync(FileOf(name), TestContext.Current.CancellationToken));
        var system = edited.RootElement.GetProperty("system");
        Assert.Equal("First.", system[0].GetProperty("text").GetString());
        Assert.Equal(file.RootElement.GetProperty("system").GetString(), system[1].GetProperty("text").GetString());
        Assert.Equal(file.RootElement.TryGetProperty("suffix", out _) ? 2 : 1, edited.RootElement.GetProperty("messages").GetArrayLength());

        var answer = await gateway.PostAsync(body, $"/v1/{name}/messages");
        Assert.Equal(200, answer.Status);
        Assert.StartsWith($"preset:{name};did=\"system", answer["x-tuppence-edits"], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Tokens_of_a_shipped_preset_can_be_counted(string name)
    {
        await using var gateway = await TestGateway.StartAsync(presets: (name, await File.ReadAllTextAsync(FileOf(name), TestContext.Current.CancellationToken)));
        const string body = """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hello"}]}""";
        var counted = await gateway.PostAsync(body, $"/v1/{name}/messages/count_tokens");
        Assert.Equal(200, counted.Status);
    }

    private static string FileOf(string name) => Path.Combine(Folder, name + ".json");
}
