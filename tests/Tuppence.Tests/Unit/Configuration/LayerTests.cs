using Tuppence.Configuration;
using Tuppence.Messages.Edits;

namespace Tuppence.Tests.Unit.Configuration;

public sealed class LayerTests : IDisposable
{
    private readonly Scene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    public void Without_anything_the_defaults_hold()
    {
        var loaded = scene.Loaded();

        Assert.Equal(("127.0.0.1", 42069), (loaded.Config.Host, loaded.Config.Port));
        Assert.Null(loaded.File);
        Assert.Empty(loaded.Warnings);
        Assert.Equal(["anthropic", "emulator"], loaded.Config.Upstreams.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Null(loaded.Config.Upstreams["anthropic"].ApiKey);
        Assert.Equal(Path.Combine(scene.WorkingDirectory, "presets"), loaded.Config.PresetsDirectory);
    }

    [Fact]
    public void Flags_win_over_the_environment_and_that_over_the_file()
    {
        var loaded = scene
            .File("""{ "port": 1001, "log_level": "warn", "retry": { "max_retries": 1 }, }""")
            .Variable("TUPPENCE_PORT", "1002").Variable("TUPPENCE_LOG_LEVEL", "DEBUG")
            .Flag("--port", "port", "1003")
            .Loaded();

        Assert.Equal((1003, LogVerbosity.Debug, 1), (loaded.Config.Port, loaded.Config.LogLevel, loaded.Config.Retry.MaxRetries));
        Assert.Equal("--port", loaded.OriginOf("port").ToString());
        Assert.Equal("TUPPENCE_LOG_LEVEL", loaded.OriginOf("log_level").ToString());
        Assert.Equal("tuppence.json:1:64", loaded.OriginOf("retry.max_retries").ToString());
        Assert.Equal("default", loaded.OriginOf("host").ToString());
    }

    [Fact]
    public void The_file_is_that_of_the_flag_else_of_the_variable_else_here_else_the_users()
    {
        var user = Path.Combine(scene.UserConfigDirectory, "tuppence", "tuppence.json");
        Directory.CreateDirectory(Path.GetDirectoryName(user)!);
        File.WriteAllText(user, """{ "port": 1 }""");
        Assert.Equal(1, scene.Loaded().Config.Port);

        scene.File("""{ "port": 2 }""");
        Assert.Equal(2, scene.Loaded().Config.Port);

        scene.File("""{ "port": 3 }""", "other.json").Variable("TUPPENCE_CONFIG", "other.json");
        Assert.Equal(3, scene.Loaded().Config.Port);

        scene.File("""{ "port": 4 }""", "flag.json").ConfigFlag = "flag.json";
        Assert.Equal(4, scene.Loaded().Config.Port);
    }

    [Theory]
    [InlineData("port=8080\nhost=localhost\nlog_level=WARNING\nfilter_sampling_params=true\nauto_open_browser=yes")]
    [InlineData("# a comment\r\n\r\nport = 8080 # the port\r\nhost= 'localhost'\r\n log_level=\"warn\"\r\nfilter_sampling_params=on\r\nauto_open_browser=1\r\n")]
    public void A_plain_key_value_file_is_recognized_by_its_content(string content)
    {
        scene.File(content, "server.cfg").ConfigFlag = "server.cfg";
        var config = scene.Loaded().Config;

        Assert.Equal((8080, "localhost", LogVerbosity.Warn), (config.Port, config.Host, config.LogLevel));
        Assert.Equal((SamplingFilterMode.On, BrowserOpening.On), (config.FilterSamplingParams, config.AutoOpenBrowser));
    }

    [Theory]
    [InlineData("true", SamplingFilterMode.On)]
    [InlineData("false", SamplingFilterMode.Off)]
    [InlineData("\"auto\"", SamplingFilterMode.Auto)]
    public void The_sampling_filter_takes_a_word_or_a_boolean(string json, SamplingFilterMode expected)
    {
        scene.File($$"""{ "filter_sampling_params": {{json}}, "upstreams": { "emulator": { "filter_sampling_params": {{json}} } } }""");
        Assert.Equal(expected, scene.Loaded().Config.FilterSamplingParams);
        Assert.Equal(expected, scene.Loaded().Config.Upstreams["emulator"].FilterSamplingParams);
    }

    [Theory]
    [InlineData("65536", 65536L)]
    [InlineData("\"64MB\"", 64L << 20)]
    [InlineData("\"1.5 MiB\"", 3L << 19)]
    [InlineData("\"2kb\"", 2048L)]
    [InlineData("\"4096\"", 4096L)]
    public void Sizes_are_numbers_of_bytes_or_have_a_unit(string json, long expected)
    {
        scene.File($$"""{ "limits": { "max_body_bytes": {{json}} } }""");
        Assert.Equal(expected, scene.Loaded().Config.Limits.MaxBodyBytes);
    }

    [Fact]
    public void Durations_are_numbers_of_seconds()
    {
        scene.File("""{ "timeouts": { "connect_seconds": 2.5, "idle_seconds": 60 } }""").Variable("TUPPENCE_TIMEOUTS_PING_SECONDS", "0");
        var timeouts = scene.Loaded().Config.Timeouts;
        Assert.Equal((2500, 60_000, 0), (timeouts.Connect.TotalMilliseconds, timeouts.Idle.TotalMilliseconds, timeouts.Ping.TotalMilliseconds));
    }

    [Fact]
    public void Lists_and_maps_come_as_text_from_the_environment()
    {
        var config = scene
            .Variable("TUPPENCE_GATEWAY_KEYS", "first-key-0123456789, second-key-0123456789")
            .Variable("TUPPENCE_ALLOWED_ORIGINS", """["https://a.example","https://b.example:8443"]""")
            .Variable("TUPPENCE_MODEL_ALIASES", "fast=claude-haiku,slow=claude-opus")
            .Loaded().Config;

        Assert.Equal(["first-key-0123456789", "second-key-0123456789"], config.GatewayKeys.Select(key => key.Reveal()), StringComparer.Ordinal);
        Assert.Equal(["https://a.example", "https://b.example:8443"], config.AllowedOrigins);
        Assert.Equal("claude-opus", config.ModelAliases["slow"]);
    }

    [Fact]
    public void Any_option_of_any_upstream_can_be_set_from_outside_the_file()
    {
        var loaded = scene
            .File("""{ "upstreams": { "my-lab": { "url": "https://lab.example/v9", "auth": "bearer" } } }""")
            .Variable("TUPPENCE_UPSTREAMS_MY_LAB_DROP_BETAS", "context-1m-*,x")
            .Variable("TUPPENCE_UPSTREAMS_NEW_ONE_URL", "http://127.0.0.1:9000")
            .Flag("--set", "upstreams.my-lab.strip_cache_ttl", "true")
            .Loaded();

        var lab = loaded.Config.Upstreams["my-lab"];
        Assert.Equal(("https://lab.example/v9", AuthScheme.Bearer, true), (lab.Url, lab.Auth, lab.StripCacheTtl));
        Assert.Equal(["context-1m-*", "x"], lab.DropBetas);
        Assert.Equal("http://127.0.0.1:9000", loaded.Config.Upstreams["new-one"].Url);
        Assert.Equal("--set", loaded.OriginOf("upstreams.my-lab.strip_cache_ttl").ToString());
    }

    [Fact]
    public void An_upstream_given_as_a_URL_is_in_the_table_under_that_URL()
    {
        var config = scene.Flag("--upstream", "upstream", "http://localhost:9000/api").Loaded().Config;
        Assert.Equal("http://localhost:9000/api", config.Upstreams[config.Upstream!].Url);
    }

    [Fact]
    public void Null_says_nothing_and_an_empty_variable_is_not_set()
    {
        var loaded = scene.File("""{ "port": null, "retry": null, "upstream": null }""").Variable("TUPPENCE_HOST", "").Loaded();
        Assert.Equal((42069, "127.0.0.1"), (loaded.Config.Port, loaded.Config.Host));
    }

    [Fact]
    public void Relative_paths_start_where_they_were_written()
    {
        scene.File("""{ "presets_directory": "mine" }""", "conf/t.json").ConfigFlag = "conf/t.json";
        Assert.Equal(Path.Combine(scene.WorkingDirectory, "conf", "mine"), scene.Loaded().Config.PresetsDirectory);

        scene.Flag("--preset-dir", "presets_directory", "mine");
        Assert.Equal(Path.Combine(scene.WorkingDirectory, "mine"), scene.Loaded().Config.PresetsDirectory);
    }

    [Fact]
    public void An_unknown_variable_is_warned_of_and_one_of_Kubernetes_is_ignored()
    {
        var loaded = scene.Variable("TUPPENCE_PROT", "1").Variable("TUPPENCE_SERVICE_HOST", "10.0.0.1")
            .Variable("TUPPENCE_PORT", "tcp://10.0.0.1:42069").Variable("TUPPENCE_PORT_42069_TCP_PORT", "42069").Loaded();

        Assert.Equal(42069, loaded.Config.Port);
        Assert.Equal(2, loaded.Warnings.Count);
        Assert.Contains(loaded.Warnings, warning => warning == "TUPPENCE_PROT is not an option and is ignored; did you mean TUPPENCE_PORT?");
        Assert.Contains(loaded.Warnings, warning => warning.Contains("enableServiceLinks", StringComparison.Ordinal));
    }
}
