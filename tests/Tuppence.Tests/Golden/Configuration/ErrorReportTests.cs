using Tuppence.Commands;
using Tuppence.Tests.Unit.Configuration;

namespace Tuppence.Tests.Golden.Configuration;

/// <summary>P37: all errors are reported at once, with place, key, accepted range and remedy.</summary>
public sealed class ErrorReportTests : IDisposable
{
    private readonly Scene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    public void Every_wrong_value_of_every_layer_is_reported_at_once()
    {
        scene.File("""
            {
              // what people really write
              "port": 70000,
              "host": "*",
              "log_level": "verbos",
              "upstrem": "anthropic",
              "maxRetries": 3,
              "gateway_keys": "hunter2-hunter2-hunter2",
              "allowed_origins": ["*", "null", "https://chat.example/"],
              "allowed_hosts": ["tuppence.lan:42069"],
              "model_aliases": { "a": "a", "b": 1 },
              "filter_sampling_params": "maybe",
              "retry": { "max_retries": "2", "base_delay_seconds": 30, "max_retrys": 1, "total_time_seconds": "1m" },
              "timeouts": 30,
              "limits": { "max_body_bytes": "64XB", "max_upload_bytes": 12, "max_queued_requests": 1.5 },
              "emulator": { "pacing": "true" },
              "upstreams": {
                "Lab One": { "url": "https://lab.example" },
                "lab": { "auth": "beerer", "api_kee": "x" },
                "wan": { "url": "http://llm.example" },
                "cloud": { "url": "https://169.254.169.254/", "headers": { "Host": "x" }, "proxy": "socks5://127.0.0.1" },
                "me": { "url": "https://me:secret@llm.example" },
              },
              "port": 8080,
            }
            """)
            .Variable("TUPPENCE_RETRY_MAX_DELAY_SECONDS", "10000")
            .Variable("TUPPENCE_LIMITS_MAX_QUEUED_REQUESTS", "many")
            .Flag("--max-retries", "retry.max_retries", "11")
            .Flag("--set", "timeout.idle_seconds", "5");
        Check("every-layer.txt");
    }

    [Theory]
    [InlineData("syntax", "{\n  \"port\": 8080\n  \"host\": \"localhost\"\n}")]
    [InlineData("cut", "{ \"port\": ")]
    [InlineData("list", "[1]")]
    [InlineData("text", "port: 8080\n")]
    [InlineData("trailing", "{} {}")]
    [InlineData("surrogate", "{ \"preamble\": \"\\ud800\" }")]
    public void A_file_that_cannot_be_read_is_one_error(string name, string content)
    {
        scene.File(content);
        Check($"file-{name}.txt");
    }

    [Fact]
    public void A_key_value_file_has_its_lines_named()
    {
        scene.File("port=eighty\nhots=localhost\nfilter_sampling_params=perhaps\njust text\nport=1\n", "server.cfg").ConfigFlag = "server.cfg";
        Check("key-value.txt");
    }

    [Fact]
    public void A_file_that_is_not_there_names_who_asked_for_it()
    {
        scene.ConfigFlag = "gone.json";
        Check("missing.txt");
    }

    [Fact]
    public void Bytes_that_are_no_text_are_told_as_such()
    {
        File.WriteAllBytes(Path.Combine(scene.WorkingDirectory, "tuppence.json"), [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]);
        Check("utf16.txt");
    }

    [Fact]
    public void A_gateway_open_to_the_network_is_refused_with_the_remedy()
    {
        scene.InContainer();
        Check("exposed.txt");
    }

    [Fact]
    public void An_upstream_that_does_not_exist_or_is_the_gateway_is_refused()
    {
        scene.File("""{ "upstream": "antropic", "upstreams": { "self": { "url": "http://localhost:42069" }, "antropic2": { "strip_cache_ttl": true }, "empty": {} } }""");
        Check("upstreams.txt");
    }

    private void Check(string name)
    {
        var result = scene.Load();
        Assert.Null(result.Loaded);
        var writer = new StringWriter { NewLine = "\n" };
        ErrorReport.Write(writer, result.Errors, "Nothing was started.");
        Assert.DoesNotContain("hunter2", writer.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret@", writer.ToString(), StringComparison.Ordinal);
        GoldenText.Matches(writer.ToString().Replace(scene.Root, "ROOT", StringComparison.Ordinal), "tests", "Tuppence.Tests", "Golden", "Configuration", name);
    }
}
