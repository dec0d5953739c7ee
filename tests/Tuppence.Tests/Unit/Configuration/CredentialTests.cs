namespace Tuppence.Tests.Unit.Configuration;

public sealed class CredentialTests : IDisposable
{
    private const string Key = "sk-ant-canary-0123456789";

    private readonly Scene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    public void The_well_known_variable_gives_anthropic_its_key()
    {
        var loaded = scene.Variable("ANTHROPIC_API_KEY", Key + "\n").Loaded();
        Assert.Equal(Key, loaded.Config.Upstreams["anthropic"].ApiKey!.Reveal());
        Assert.Equal("ANTHROPIC_API_KEY", loaded.OriginOf("upstreams.anthropic.api_key").ToString());
    }

    [Fact]
    public void A_key_in_the_file_wins_over_the_well_known_variable()
    {
        var loaded = scene.File("""{ "upstreams": { "anthropic": { "api_key": "from-file" } } }""").Variable("ANTHROPIC_API_KEY", Key).Loaded();
        Assert.Equal("from-file", loaded.Config.Upstreams["anthropic"].ApiKey!.Reveal());
    }

    [Fact]
    public void The_well_known_variable_goes_to_no_other_address()
    {
        var loaded = scene.File("""{ "upstreams": { "anthropic": { "url": "https://other.example" } } }""").Variable("ANTHROPIC_API_KEY", Key).Loaded();
        Assert.Null(loaded.Config.Upstreams["anthropic"].ApiKey);
        Assert.Contains("api_key_env", Assert.Single(loaded.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_variable_is_read()
    {
        var loaded = scene.File("""{ "upstreams": { "lab": { "url": "https://lab.example", "api_key_env": "LAB_KEY" } } }""").Variable("LAB_KEY", Key).Loaded();
        Assert.Equal(Key, loaded.Config.Upstreams["lab"].ApiKey!.Reveal());
    }

    [Fact]
    public void A_named_variable_that_is_not_set_is_an_error()
    {
        var error = scene.File("""{ "upstreams": { "anthropic": { "api_key_env": "LAB_KEY" } } }""").OnlyError();
        Assert.Equal(("upstreams.anthropic.api_key_env", "The environment variable LAB_KEY is not set."), (error.Key, error.Problem));
    }

    [Fact]
    public void A_key_file_is_found_beside_the_configuration()
    {
        scene.File(Key + "\n", "conf/secret").File("""{ "upstreams": { "anthropic": { "api_key_file": "secret" } } }""", "conf/t.json").ConfigFlag = "conf/t.json";
        Assert.Equal(Path.Combine(scene.WorkingDirectory, "conf", "secret"), scene.Loaded().Config.Upstreams["anthropic"].ApiKeyFile);
    }

    [Theory]
    [InlineData(null, "There is no key file")]
    [InlineData(" \n", "is empty")]
    [InlineData("two words", "does not hold a key alone")]
    public void A_key_file_without_a_key_is_an_error(string? content, string problem)
    {
        if (content is not null)
        {
            scene.File(content, "secret");
        }

        Assert.Contains(problem, scene.File("""{ "upstreams": { "anthropic": { "api_key_file": "secret" } } }""").OnlyError().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stronger_layer_replaces_the_source_of_a_key()
    {
        var loaded = scene.File("""{ "upstreams": { "anthropic": { "api_key_command": ["pass", "show", "key"] } } }""")
            .Variable("TUPPENCE_UPSTREAMS_ANTHROPIC_API_KEY", Key).Loaded();
        var anthropic = loaded.Config.Upstreams["anthropic"];
        Assert.Equal((Key, 0), (anthropic.ApiKey!.Reveal(), anthropic.ApiKeyCommand.Count));
    }

    [Fact]
    public void Two_sources_in_one_layer_are_an_error()
    {
        var error = scene.File("""{ "upstreams": { "anthropic": { "api_key": "a", "api_key_command": ["b"] } } }""").OnlyError();
        Assert.Equal(("upstreams.anthropic.api_key_command", true), (error.Key, error.Problem.Contains("two sources", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_customary_proxy_is_used_and_its_password_kept_apart()
    {
        var loaded = scene.Variable("HTTPS_PROXY", "http://me:p%40ss@proxy.example:3128").Variable("NO_PROXY", ".lan")
            .File("""{ "upstreams": { "near": { "url": "https://a.lan" }, "local": { "url": "http://127.0.0.1:1" }, "direct": { "url": "https://d.example", "proxy": "none" } } }""")
            .Loaded();
        var anthropic = loaded.Config.Upstreams["anthropic"];

        Assert.Equal(("http://proxy.example:3128", "me:p@ss"), (anthropic.Proxy, anthropic.ProxyCredentials!.Reveal()));
        Assert.All(["near", "local", "direct", "emulator"], name => Assert.Null(loaded.Config.Upstreams[name].Proxy));
        Assert.Equal("HTTPS_PROXY", loaded.OriginOf("upstreams.anthropic.proxy").ToString());
    }

    [Theory]
    [InlineData("""{ "gateway_keys": "canary-key-value" }""")]
    [InlineData("""{ "gateway_keys": ["canary key value"] }""")]
    [InlineData("""{ "gateway_keys": { "canary-key-value": 1 } }""")]
    [InlineData("""{ "upstreams": { "anthropic": { "api_key": 77001177 } } }""")]
    [InlineData("""{ "upstreams": { "anthropic": { "api_key": "canary key" } } }""")]
    [InlineData("""{ "upstreams": { "anthropic": { "url": "https://me:canary@a.example" } } }""")]
    [InlineData("""{ "upstreams": { "anthropic": { "proxy": "https://me:canary@a.example" } } }""")]
    [InlineData("""{ "upstreams": { "anthropic": { "api_key_env": "sk-canary" } } }""")]
    [InlineData("""{ "upstreams": { "anthropic": { "headers": { "authorization": "canary" } } } }""")]
    [InlineData("""{ "upstream": "https://me:canary@a.example" }""")]
    [InlineData("""{ "upstream": "sk-ant-canary" }""")]
    [InlineData("""{ "port": "sk-ant-canary" }""")]
    [InlineData("""{ "api_key": "canary" }""")]
    public void No_secret_is_in_an_error(string file)
    {
        var errors = scene.File(file).Load().Errors;
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.DoesNotContain("canary", error.Problem + error.Remedy, StringComparison.Ordinal));
        Assert.All(errors, error => Assert.DoesNotContain("77001177", error.Problem + error.Remedy, StringComparison.Ordinal));
    }
}
