using System.Text.Json;
using Tuppence.Commands;
using Tuppence.Configuration;
using Tuppence.Configuration.Loading;
using Tuppence.Tests.Unit.Configuration;

namespace Tuppence.Tests.Functional.Configuration;

public sealed class CommandLineTests : IDisposable
{
    private readonly Scene scene = new();
    private readonly StringWriter output = new() { NewLine = "\n" };
    private readonly StringWriter error = new() { NewLine = "\n" };
    private readonly RecordingHosts hosts = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    public async Task Without_arguments_the_gateway_is_served()
    {
        Assert.Equal(7, await RunAsync());
        Assert.Equal(42069, hosts.Served!.Config.Port);
    }

    [Fact]
    public async Task Flags_reach_the_configuration()
    {
        scene.File("""{ "port": 1 }""", "my.json");
        Assert.Equal(7, await RunAsync(
            "--host", "0.0.0.0", "--port=8080", "--upstream", "https://llm.example", "--log-level", "DEBUG", "--config", "my.json", "--preset-dir", "p",
            "--filter-sampling-params", "true", "--gateway-key", "0123456789abcdef", "--gateway-key", "fedcba9876543210", "--max-retries", "0", "--no-open",
            "--set", "timeouts.idle_seconds=5", "--set", "upstreams.anthropic.strip_cache_ttl=on"));

        var config = hosts.Served!.Config;
        Assert.Equal(("0.0.0.0", 8080, "https://llm.example", LogVerbosity.Debug), (config.Host, config.Port, config.Upstream, config.LogLevel));
        Assert.Equal((2, 0, 5.0, true), (config.GatewayKeys.Count, config.Retry.MaxRetries, config.Timeouts.Idle.TotalSeconds, config.Upstreams["anthropic"].StripCacheTtl));
        Assert.Equal("--no-open", hosts.Served.OriginOf("auto_open_browser").ToString());
    }

    [Theory]
    [InlineData("--prot", "1")]
    [InlineData("serv")]
    [InlineData("--port")]
    [InlineData("--port", "1", "--port", "2")]
    [InlineData("--set", "port")]
    [InlineData("emulate", "--pace")]
    public async Task A_wrong_command_line_exits_with_64_and_starts_nothing(params string[] args)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(args));
        Assert.Null(hosts.Served);
        Assert.StartsWith("tuppence: ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("tuppence --help", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port", "70000")]
    [InlineData("config", "--check", "--port", "70000")]
    [InlineData("config", "--port", "70000")]
    [InlineData("emulate", "--port", "70000")]
    public async Task A_wrong_value_exits_with_78_and_starts_nothing(params string[] args)
    {
        Assert.Equal(ExitCode.Config, await RunAsync(args));
        Assert.Null(hosts.Served);
        Assert.Null(hosts.Emulated);
        Assert.Empty(output.ToString());
        Assert.Contains("  --port  port\n    70000 is out of range.\n    Accepted: an integer from 0 to 65535.\n", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Emulate_has_its_own_port_and_pacing()
    {
        Assert.Equal(8, await RunAsync("emulate"));
        Assert.Equal(new EmulateSettings { Host = "127.0.0.1", Port = 42070, Pacing = true, LogLevel = LogVerbosity.Info }, hosts.Emulated);

        Assert.Equal(8, await RunAsync("emulate", "--host", "::1", "--port", "0", "--no-pacing", "--log-level", "error"));
        Assert.Equal(new EmulateSettings { Host = "::1", Port = 0, Pacing = false, LogLevel = LogVerbosity.Error }, hosts.Emulated);
    }

    [Fact]
    public async Task Config_prints_each_value_with_its_origin_and_no_secret()
    {
        scene.File("""{ "port": 8080, "gateway_keys": ["canary-one-canary-one"], "upstreams": { "lab": { "url": "https://lab.example", "api_key": "canary-two", "headers": { "x-token": "canary-three" } } } }""")
            .Variable("ANTHROPIC_API_KEY", "canary-four").Variable("HTTPS_PROXY", "http://u:canary-five@proxy.example:1");
        Assert.Equal(0, await RunAsync("config", "--log-level", "warn"));

        var text = output.ToString();
        Assert.Matches(@"(?m)^port +8080 +tuppence\.json:1:11$", text);
        Assert.Matches("(?m)^log_level +warn +--log-level$", text);
        Assert.Matches("(?m)^host +127.0.0.1 +default$", text);
        Assert.Matches(@"(?m)^gateway_keys +\*\*\* +tuppence\.json:1:33$", text);
        Assert.Matches(@"(?m)^upstreams\.anthropic\.api_key +\*\*\* +ANTHROPIC_API_KEY$", text);
        Assert.Matches(@"(?m)^upstreams\.lab\.headers +x-token=\*\*\*", text);
        Assert.Matches(@"(?m)^upstreams\.lab\.proxy +http://proxy.example:1 +HTTPS_PROXY$", text);

        Assert.Equal(0, await RunAsync("config", "--json"));
        Assert.DoesNotContain("canary", output.ToString() + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_as_JSON_can_be_read_by_programs()
    {
        scene.File("""{ "limits": { "max_body_bytes": "1MB" }, "model_aliases": { "a": "b" } }""");
        Assert.Equal(0, await RunAsync("config", "--json"));

        using var json = JsonDocument.Parse(output.ToString());
        var values = json.RootElement.GetProperty("values");
        Assert.Equal(42069, values.GetProperty("port").GetProperty("value").GetInt32());
        Assert.Equal("1MB", values.GetProperty("limits.max_body_bytes").GetProperty("value").GetString());
        Assert.Equal("b", values.GetProperty("model_aliases").GetProperty("value").GetProperty("a").GetString());
        Assert.Equal(30, values.GetProperty("timeouts.drain_seconds").GetProperty("value").GetDouble());
        Assert.StartsWith("tuppence.json:1:", values.GetProperty("model_aliases").GetProperty("origin").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_check_says_that_all_is_right()
    {
        scene.File("{}");
        Assert.Equal(0, await RunAsync("config", "--check"));
        Assert.Equal($"The configuration is right: {Path.Combine(scene.WorkingDirectory, "tuppence.json")}.\n", output.ToString());
    }

    [Theory]
    [InlineData("version")]
    [InlineData("--version")]
    public async Task The_version_is_printed(string arg)
    {
        Assert.Equal(0, await RunAsync(arg));
        Assert.Matches(@"^\d+\.\d+\.\d+", output.ToString());
    }

    [Theory]
    [InlineData("help.txt", "--help")]
    [InlineData("help-emulate.txt", "emulate", "--help")]
    [InlineData("help-config.txt", "config", "-h")]
    [InlineData("help-explain.txt", "explain", "--help")]
    [InlineData("help-record.txt", "record", "--help")]
    [InlineData("help-login.txt", "login", "--help")]
    [InlineData("help-logout.txt", "logout", "--help")]
    [InlineData("help-status.txt", "status", "--help")]
    [InlineData("help-replay.txt", "replay", "--help")]
    [InlineData("help-bench-cache.txt", "bench-cache", "--help")]
    public async Task Help_begins_with_examples(string golden, params string[] args)
    {
        Assert.Equal(0, await RunAsync(args));
        Golden.Configuration.GoldenText.Matches(output.ToString().ReplaceLineEndings("\n"), "tests", "Tuppence.Tests", "Golden", "Configuration", golden);
    }

    private Task<int> RunAsync(params string[] args) =>
        new CommandLine(hosts, new Terminal(output, error), scene.Surroundings, TimeProvider.System).RunAsync(args, TestContext.Current.CancellationToken);

    private sealed class RecordingHosts : IHosts
    {
        public LoadedConfiguration? Served { get; private set; }

        public EmulateSettings? Emulated { get; private set; }

        public Task<int> ServeAsync(LoadedConfiguration configuration, ConfigurationSource source, CancellationToken stop)
        {
            Served = configuration;
            Assert.Same(configuration, source.Current);
            return Task.FromResult(7);
        }

        public Task<int> EmulateAsync(EmulateSettings settings, CancellationToken stop)
        {
            Emulated = settings;
            return Task.FromResult(8);
        }
    }
}
