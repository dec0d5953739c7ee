namespace Tuppence.Tests.Unit.Configuration;

/// <summary>The group <c>claude_code</c>: off by itself, and on for one person at one machine alone.</summary>
public sealed class ClaudeCodeSettingsTests : IDisposable
{
    private readonly Scene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    public void Nothing_but_its_option_turns_it_on()
    {
        var config = scene.Loaded().Config;

        Assert.False(config.ClaudeCode.Enabled);
        Assert.DoesNotContain("claude-code", config.Upstreams.Keys, StringComparer.Ordinal);
    }

    [Fact]
    public void Once_on_it_is_an_upstream_that_can_be_named_everywhere()
    {
        var config = scene.File("""
            { "claude_code": { "enabled": true }, "upstream": "claude-code", "routes": [{ "models": ["claude-*"], "upstreams": ["claude-code", "anthropic"] }],
              "gateway_keys": ["0123456789abcdef"], "allowed_hosts": ["chat.localhost"], "allowed_origins": ["http://localhost:8000", "http://[::1]:8000"], "public_url": "http://127.0.0.1:42069" }
            """).Loaded().Config;

        Assert.Equal("claude-code", config.Upstream);
        Assert.Contains("claude-code", config.Upstreams.Keys, StringComparer.Ordinal);
    }

    [Fact]
    public void Its_environment_is_that_of_the_process_and_the_same_after_a_reload()
    {
        var source = scene.File("""{ "claude_code": { "enabled": true } }""").Variable("PATH", "/usr/bin").Source();

        var (first, second) = (source.Load().Loaded!.Config.ClaudeCode, source.Load().Loaded!.Config.ClaudeCode);

        Assert.Equal("/usr/bin", first.Environment["PATH"]);
        Assert.Equal(first, second);
    }

    [Fact]
    public void A_relative_program_starts_from_the_file()
    {
        var config = scene.File("""{ "claude_code": { "enabled": true, "program": "bin/claude" } }""").Loaded().Config;

        Assert.Equal(Path.Combine(scene.WorkingDirectory, "bin", "claude"), config.ClaudeCode.Program);
    }

    [Theory]
    [InlineData("host", """ "host": "0.0.0.0", "gateway_keys": ["0123456789abcdef"] """, "would let other machines use your Claude Code sign-in")]
    [InlineData("host", """ "host": "192.168.1.5", "gateway_keys": ["0123456789abcdef"] """, "would let other machines use your Claude Code sign-in")]
    [InlineData("gateway_keys", """ "gateway_keys": ["0123456789abcdef", "fedcba9876543210"] """, "there are 2 gateway keys")]
    [InlineData("gateway_key_names", """ "gateway_key_names": ["anna", "ben"] """, "there are 2 names of gateway keys")]
    [InlineData("allowed_hosts", """ "allowed_hosts": ["localhost", "tuppence.lan"] """, "\"tuppence.lan\" is elsewhere")]
    [InlineData("allowed_origins", """ "allowed_origins": ["https://chat.example"] """, "\"https://chat.example\" is elsewhere")]
    [InlineData("public_url", """ "public_url": "https://tuppence.example" """, "\"https://tuppence.example\" is elsewhere")]
    [InlineData("fallback[0]", """ "fallback": ["claude-code"] """, "meant for another upstream")]
    [InlineData("routes[0].upstreams[1]", """ "routes": [{ "models": ["claude-*"], "upstreams": ["anthropic", "claude-code"] }] """, "meant for another upstream")]
    [InlineData("upstreams.claude-code.url", """ "upstreams": { "claude-code": { "url": "https://llm.example" } } """, "does without this option")]
    [InlineData("upstreams.claude-code.api_key", """ "upstreams": { "claude-code": { "api_key": "never-there" } } """, "does without this option")]
    [InlineData("upstreams.claude-code.cache", """ "upstreams": { "claude-code": { "cache": "markers" } } """, "does without this option")]
    [InlineData("upstreams.claude-code.headers", """ "upstreams": { "claude-code": { "headers": { "x-team": "library" } } } """, "does without this option")]
    public void What_would_share_it_or_make_it_something_else_is_refused(string key, string option, string words)
    {
        var error = scene.File($$"""{ "claude_code": { "enabled": true }, {{option}} }""").OnlyError();

        Assert.Equal(key, error.Key);
        Assert.Contains(words, error.Problem, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
        Assert.DoesNotContain("never-there", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_container_it_is_refused_for_where_a_container_listens()
    {
        var error = scene.File("""{ "claude_code": { "enabled": true } }""").InContainer().Variable("TUPPENCE_GATEWAY_KEYS", "0123456789abcdef").OnlyError();

        Assert.Equal("host", error.Key);
        Assert.Contains("the default inside a container", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var errors = scene.File("""
            { "claude_code": { "enabled": true, "concurrency": 9, "queue_length": -1 }, "host": "0.0.0.0", "allowed_hosts": ["tuppence.lan"],
              "gateway_keys": ["0123456789abcdef", "fedcba9876543210"], "fallback": ["claude-code"], "timeouts": { "idle_seconds": 0 } }
            """).Load().Errors;

        Assert.Equal(
            ["allowed_hosts", "claude_code.concurrency", "claude_code.queue_length", "fallback[0]", "gateway_keys", "host", "timeouts.idle_seconds"],
            errors.Select(static error => error.Key).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(""" "upstream": "claude-code" """)]
    [InlineData(""" "routes": [{ "models": ["claude-*"], "upstreams": ["claude-code"] }] """)]
    [InlineData(""" "upstreams": { "claude-code": { "model_aliases": { "fast": "claude-haiku-4-5" } } } """)]
    public void Who_names_it_while_it_is_off_is_told_how_to_turn_it_on(string option)
    {
        var error = scene.File($$"""{ {{option}} }""").OnlyError();

        Assert.Contains("Set claude_code.enabled to true", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_that_listen_nowhere_do_not_mind()
    {
        scene.File("""{ "claude_code": { "enabled": true }, "host": "0.0.0.0" }""");

        Assert.NotNull(scene.Source().Load(listens: false).Loaded);
    }
}
