using System.Text.Json;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional.Dashboard;

/// <summary>Presets are read, written, tried and brought back on the dashboard.</summary>
public sealed class PresetPagesTests
{
    private const string Story = """{ "description": "Tells.", "system": "Tell a story." }""";

    [Fact]
    public async Task A_preset_is_written_used_at_once_and_deleted()
    {
        await using var gateway = await TestGateway.StartAsync();

        var saved = await gateway.TellJsonAsync("PUT", "presets/mine", Body(Story, null));

        Assert.True(saved.GetProperty("ok").GetBoolean(), saved.GetRawText());
        Assert.Equal(Story, await File.ReadAllTextAsync(PathOf(gateway, "mine"), TestContext.Current.CancellationToken));
        Assert.Contains("mine", gateway.Host.State.Current.Presets.Names);
        var shown = await gateway.GetJsonAsync("presets/mine");
        Assert.Equal((Story, saved.GetProperty("version").GetString(), "Tells.", false), (shown.GetProperty("text").GetString(), shown.GetProperty("version").GetString(), shown.GetProperty("description").GetString(), shown.GetProperty("shipped").GetBoolean()));
        Assert.Contains((await gateway.GetJsonAsync("presets")).GetProperty("presets").EnumerateArray(), static preset => preset.GetProperty("name").GetString() == "mine" && preset.GetProperty("url").GetString() == "http://localhost/v1/mine");

        Assert.True((await gateway.TellJsonAsync("DELETE", "presets/mine", Version(shown))).GetProperty("ok").GetBoolean());

        Assert.False(File.Exists(PathOf(gateway, "mine")));
        Assert.Equal(404, (await gateway.AskAsync("presets/mine")).Status);
        Assert.Equal(Story, (await gateway.GetJsonAsync("presets/mine/history")).GetProperty("versions")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task One_that_ships_is_replaced_and_comes_back()
    {
        await using var gateway = await TestGateway.StartAsync();
        var shipped = await gateway.GetJsonAsync("presets/assistant");
        Assert.True(shipped.GetProperty("shipped").GetBoolean());
        Assert.Equal(400, (await gateway.TellAsync("DELETE", "presets/assistant", Version(shipped))).Status);

        Assert.True((await gateway.TellJsonAsync("PUT", "presets/assistant", Body(Story, shipped.GetProperty("version").GetString()))).GetProperty("ok").GetBoolean());
        var own = await gateway.GetJsonAsync("presets/assistant");
        Assert.False(own.GetProperty("shipped").GetBoolean());
        Assert.Equal(shipped.GetProperty("text").GetString(), (await gateway.GetJsonAsync("presets/assistant/history")).GetProperty("versions")[0].GetProperty("text").GetString());

        Assert.True((await gateway.TellJsonAsync("DELETE", "presets/assistant", Version(own))).GetProperty("ok").GetBoolean());
        Assert.Equal(shipped.GetProperty("text").GetString(), (await gateway.GetJsonAsync("presets/assistant")).GetProperty("text").GetString());
    }

    [Fact]
    public async Task What_is_wrong_is_told_whole_and_nothing_is_written()
    {
        await using var gateway = await TestGateway.StartAsync();

        var result = await gateway.TellJsonAsync("PUT", "presets/mine", Body("{\n  \"system\": 7,\n  \"temperature\": \"hot\"\n}", null));

        Assert.False(result.GetProperty("ok").GetBoolean());
        Assert.True(result.GetProperty("errors").GetArrayLength() >= 1);
        Assert.StartsWith("line 2", result.GetProperty("errors")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf(gateway, "mine")));
    }

    [Theory]
    [InlineData("..%2fescape")]
    [InlineData("%2e%2e%2fescape")]
    [InlineData("a%2fb")]
    [InlineData("a b")]
    [InlineData("%00")]
    [InlineData("-first")]
    public async Task A_name_cannot_leave_the_folder(string name)
    {
        await using var gateway = await TestGateway.StartAsync();
        var before = Directory.GetFiles(gateway.Directory, "*", SearchOption.AllDirectories);

        foreach (var method in new[] { "PUT", "DELETE" })
        {
            var answer = await gateway.TellAsync(method, "presets/" + name, Body(Story, null));
            Assert.True(answer.Status is 400 or 404 || !DashboardClient.Root(answer).GetProperty("ok").GetBoolean(), $"{answer.Status} {answer.Text}");
        }

        Assert.Equal(before, Directory.GetFiles(gateway.Directory, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task One_that_somebody_else_changed_is_not_written_over()
    {
        await using var gateway = await TestGateway.StartAsync(presets: ("mine", "{}"));
        var shown = await gateway.GetJsonAsync("presets/mine");
        await File.WriteAllTextAsync(PathOf(gateway, "mine"), "{ }", TestContext.Current.CancellationToken);

        Assert.False((await gateway.TellJsonAsync("PUT", "presets/mine", Body(Story, shown.GetProperty("version").GetString()))).GetProperty("ok").GetBoolean());
        Assert.False((await gateway.TellJsonAsync("PUT", "presets/mine", Body(Story, null))).GetProperty("ok").GetBoolean());
        Assert.Equal("{ }", await File.ReadAllTextAsync(PathOf(gateway, "mine"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_try_shows_both_requests_and_sends_nothing()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);

        var result = await gateway.TellJsonAsync("POST", "presets/mine/try", $$"""{"text":{{JsonSerializerText(Story)}},"request":{"model":"claude-haiku-4-5","max_tokens":5,"messages":[{"role":"user","content":"Hello"}]}}""");

        Assert.Equal(0, result.GetProperty("errors").GetArrayLength());
        Assert.DoesNotContain("Tell a story.", result.GetProperty("before").GetString(), StringComparison.Ordinal);
        Assert.Contains("Tell a story.", result.GetProperty("after").GetString(), StringComparison.Ordinal);
        Assert.Contains(result.GetProperty("diff").EnumerateArray(), static line => line.GetProperty("kind").GetString() == "added");
        Assert.Empty(upstream.Calls);
        Assert.False(File.Exists(PathOf(gateway, "mine")));

        var wrong = await gateway.TellJsonAsync("POST", "presets/mine/try", """{"text":"{\"system\":7}","request":{}}""");
        Assert.NotEqual(0, wrong.GetProperty("errors").GetArrayLength());
        Assert.Equal(400, (await gateway.TellAsync("POST", "presets/mine/try", """{"text":"{}"}""")).Status);
        Assert.Equal("The request is not JSON.", (await gateway.TellJsonAsync("POST", "presets/mine/try", """{"text":"{}","request":"nonsense"}""")).GetProperty("errors")[0].GetString());
    }

    private static string Body(string text, string? version) => $$"""{"text":{{JsonSerializerText(text)}},"version":{{(version is null ? "null" : $"\"{version}\"")}}}""";

    private static string Version(JsonElement preset) => $$"""{"version":"{{preset.GetProperty("version").GetString()}}"}""";

    private static string JsonSerializerText(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static string PathOf(TestGateway gateway, string name) => Path.Combine(gateway.Directory, "presets", name + ".json");
}
