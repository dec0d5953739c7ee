using System.Text.Json;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional.Dashboard;

/// <summary>Settings are changed in the user's own file, checked as at start, and taken back.</summary>
public sealed class SettingsTests
{
    private const string File = """
        // my gateway
        {
          "log_level": "warn", // quiet
          /* where */ "cache": {
            "level": "markers" // fine
          },
          "gateway_keys": ["a-long-random-value"]
        }

        """;

    private const string Key = "x-api-key: a-long-random-value\r\n";

    [Fact]
    public async Task A_change_is_written_and_in_force_and_can_be_taken_back()
    {
        await using var gateway = await TestGateway.StartFromFileAsync(File);
        var version = (await SettingsAsync(gateway)).GetProperty("version").GetString();

        var result = await ChangeAsync(gateway, "settings", version, """{"path":"cache.level","value":"relocate"},{"path":"retry.max_retries","value":1}""");

        Assert.True(result.GetProperty("ok").GetBoolean(), result.GetRawText());
        Assert.Equal(File.Replace("\"markers\"", "\"relocate\"", StringComparison.Ordinal).Replace("[\"a-long-random-value\"]", "[\"a-long-random-value\"],\n  \"retry\": {\n    \"max_retries\": 1\n  }", StringComparison.Ordinal), Text(gateway));
        await UntilAsync(gateway, static config => config is { Cache.Level: Thrift.CacheLevel.Relocate, Retry.MaxRetries: 1 });
        var settings = await SettingsAsync(gateway);
        Assert.Equal("relocate", Find(settings, "cache.level").GetProperty("value").GetString());
        Assert.Equal("file", Find(settings, "cache.level").GetProperty("origin").GetString());
        Assert.Equal("cache.level: markers → relocate; retry.max_retries: 2 → 1", settings.GetProperty("changes")[0].GetProperty("text").GetString());

        var undone = await gateway.TellJsonAsync("POST", "settings/undo", "{}", DashboardClient.Own + Key);

        Assert.True(undone.GetProperty("ok").GetBoolean());
        Assert.Equal(version, undone.GetProperty("version").GetString());
        Assert.Equal(File, Text(gateway));
        await UntilAsync(gateway, static config => config is { Cache.Level: Thrift.CacheLevel.Markers, Retry.MaxRetries: 2 });
    }

    [Fact]
    public async Task All_errors_are_told_at_once_and_nothing_is_written()
    {
        await using var gateway = await TestGateway.StartFromFileAsync(File);
        var version = (await SettingsAsync(gateway)).GetProperty("version").GetString();

        var result = await ChangeAsync(gateway, "settings", version, """{"path":"cache.level","value":"everything"},{"path":"retry.max_retries","value":"many"},{"path":"no.such","value":1},{"path":"port","value":1}""");

        Assert.False(result.GetProperty("ok").GetBoolean());
        Assert.Equal(["cache.level", "no.such", "port", "retry.max_retries"], result.GetProperty("errors").EnumerateArray().Select(static error => error.GetProperty("path").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(File, Text(gateway));
    }

    [Fact]
    public async Task A_check_writes_nothing()
    {
        await using var gateway = await TestGateway.StartFromFileAsync(File);
        var version = (await SettingsAsync(gateway)).GetProperty("version").GetString();

        Assert.True((await ChangeAsync(gateway, "settings/check", version, """{"path":"cache.level","value":"off"}""")).GetProperty("ok").GetBoolean());
        Assert.False((await ChangeAsync(gateway, "settings/check", version, """{"path":"cache.level","value":7}""")).GetProperty("ok").GetBoolean());
        Assert.Equal(File, Text(gateway));
    }

    [Fact]
    public async Task A_file_that_somebody_else_changed_is_not_written_over()
    {
        await using var gateway = await TestGateway.StartFromFileAsync(File);
        var version = (await SettingsAsync(gateway)).GetProperty("version").GetString();
        await System.IO.File.AppendAllTextAsync(PathOf(gateway), "// mine\n", TestContext.Current.CancellationToken);

        var result = await ChangeAsync(gateway, "settings", version, """{"path":"cache.level","value":"off"}""");

        Assert.False(result.GetProperty("ok").GetBoolean());
        Assert.NotEqual(version, result.GetProperty("version").GetString());
        Assert.Equal(File + "// mine\n", Text(gateway));
        Assert.False((await gateway.TellJsonAsync("POST", "settings/undo", "{}", DashboardClient.Own + Key)).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_missing_file_is_made_private_and_taken_up()
    {
        await using var gateway = await TestGateway.StartFromFileAsync(null);
        var before = await gateway.GetJsonAsync("settings");
        Assert.Equal("none", before.GetProperty("version").GetString());

        var result = await gateway.TellJsonAsync("POST", "settings", """{"version":"none","changes":[{"path":"model_aliases","value":{"fast":"claude-haiku-4-5"}}]}""");

        Assert.True(result.GetProperty("ok").GetBoolean(), result.GetRawText());
        Assert.Equal("{\n  \"model_aliases\": {\"fast\":\"claude-haiku-4-5\"}\n}\n", Text(gateway));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(PathOf(gateway)));
        }

        await UntilAsync(gateway, static config => config.ModelAliases.ContainsKey("fast"));

        Assert.True((await gateway.TellJsonAsync("POST", "settings/undo")).GetProperty("ok").GetBoolean());
        Assert.False(System.IO.File.Exists(PathOf(gateway)));
    }

    [Fact]
    public async Task Permissions_stay_and_no_copy_is_left()
    {
        await using var gateway = await TestGateway.StartFromFileAsync("{}");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(PathOf(gateway), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }

        var version = (await gateway.GetJsonAsync("settings")).GetProperty("version").GetString();
        await gateway.TellJsonAsync("POST", "settings", $$"""{"version":"{{version}}","changes":[{"path":"log_level","value":"error"}]}""");

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, System.IO.File.GetUnixFileMode(PathOf(gateway)));
        }

        Assert.Equal(["tuppence.json"], Directory.GetFiles(gateway.Directory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_flags_and_variables_decide_cannot_be_changed_here()
    {
        await using var gateway = await TestGateway.StartFromFileAsync("{}", [new FlagSetting("--log-level", "log_level", ["error"])], ("TUPPENCE_CACHE_LEVEL", "off"));
        var settings = await gateway.GetJsonAsync("settings");

        Assert.Equal(("flag", false), (Find(settings, "log_level").GetProperty("origin").GetString(), Find(settings, "log_level").GetProperty("editable").GetBoolean()));
        Assert.Equal(("environment", false), (Find(settings, "cache.level").GetProperty("origin").GetString(), Find(settings, "cache.level").GetProperty("editable").GetBoolean()));
        var result = await gateway.TellJsonAsync("POST", "settings", $$"""{"version":"{{settings.GetProperty("version").GetString()}}","changes":[{"path":"cache.level","value":"markers"}]}""");
        Assert.Contains("TUPPENCE_CACHE_LEVEL", result.GetProperty("errors")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_taken_and_never_told()
    {
        await using var gateway = await TestGateway.StartFromFileAsync(File);
        var version = (await SettingsAsync(gateway)).GetProperty("version").GetString();

        var result = await ChangeAsync(gateway, "settings", version, """{"path":"upstreams.anthropic.api_key","value":"another-secret-value"},{"path":"gateway_keys","value":"a-long-random-value, one-more-secret"}""");

        Assert.True(result.GetProperty("ok").GetBoolean(), result.GetRawText());
        Assert.Contains("[\"a-long-random-value\",\"one-more-secret\"]", Text(gateway), StringComparison.Ordinal);
        var settings = await SettingsAsync(gateway);
        Assert.Equal("set", Find(settings, "upstreams.anthropic.api_key").GetProperty("value").GetString());
        Assert.True(Find(settings, "gateway_keys").GetProperty("secret").GetBoolean());
        foreach (var secret in new[] { "another-secret-value", "a-long-random-value", "one-more-secret" })
        {
            Assert.DoesNotContain(secret, settings.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"version":"x"}""")]
    [InlineData("""{"version":"x","changes":[]}""")]
    [InlineData("""{"version":"x","changes":{}}""")]
    [InlineData("""{"version":"x","changes":[{"path":"log_level"}]}""")]
    [InlineData("""{"version":"x","changes":[{"path":7,"value":1}]}""")]
    [InlineData("""{"version":7,"changes":[{"path":"log_level","value":1}]}""")]
    public async Task What_is_no_change_is_refused(string body)
    {
        await using var gateway = await TestGateway.StartFromFileAsync("{}");

        Assert.Equal(400, (await gateway.TellAsync("POST", "settings", body)).Status);
        Assert.Equal("{}", Text(gateway));
    }

    [Fact]
    public async Task A_gateway_without_a_file_of_its_own_says_so()
    {
        await using var gateway = await TestGateway.StartAsync();

        Assert.Equal(404, (await gateway.AskAsync("settings")).Status);
        Assert.Equal(404, (await gateway.TellAsync("POST", "settings")).Status);
    }

    private static string PathOf(TestGateway gateway) => Path.Combine(gateway.Directory, "tuppence.json");

    private static string Text(TestGateway gateway) => System.IO.File.ReadAllText(PathOf(gateway));

    private static Task<JsonElement> SettingsAsync(TestGateway gateway) => gateway.GetJsonAsync("settings", Key);

    private static Task<JsonElement> ChangeAsync(TestGateway gateway, string path, string? version, string changes) =>
        gateway.TellJsonAsync("POST", path, $$"""{"version":"{{version}}","changes":[{{changes}}]}""", DashboardClient.Own + Key);

    private static JsonElement Find(JsonElement settings, string path) => settings.GetProperty("settings").EnumerateArray().Single(one => one.GetProperty("path").GetString() == path);

    // The file's watch settles after a pause of its own.
    private static async Task UntilAsync(TestGateway gateway, Func<GatewayConfig, bool> holds)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!holds(gateway.Host.State.Current.Config))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(1), "The change was not taken up.");
            await gateway.AskAsync("session");
        }
    }
}
