using Tuppence.Configuration;

namespace Tuppence.Tests.Unit.Configuration;

public sealed class RoutingSettingsTests : IDisposable
{
    private readonly Scene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    public void Rules_are_read_in_their_order()
    {
        var config = scene.File("""
            {
              "gateway_keys": ["0123456789abcdef"],
              "fallback": ["emulator"],
              "breaker": { "failures": 2, "open_seconds": 1.5 },
              "routes": [
                { "models": ["claude-opus-*"], "keys": ["0123456789abcdef"], "upstreams": ["my", "anthropic"] },
                { "presets": ["story*"], "upstreams": ["emulator"] },
              ],
              "upstreams": { "my": { "url": "https://llm.example" } },
            }
            """).Loaded().Config;

        Assert.Equal(["my", "anthropic"], config.Routes[0].Upstreams, StringComparer.Ordinal);
        Assert.Equal("0123456789abcdef", config.Routes[0].Keys.Single().Reveal());
        Assert.Equal(["story*"], config.Routes[1].Presets, StringComparer.Ordinal);
        Assert.Equal(["emulator"], config.Fallback, StringComparer.Ordinal);
        Assert.Equal(new BreakerConfig { Failures = 2, Open = TimeSpan.FromSeconds(1.5) }, config.Breaker);
    }

    [Fact]
    public void Rules_can_stand_in_the_environment_as_JSON()
    {
        var loaded = scene.Variable("TUPPENCE_ROUTES", """[{"upstreams":["emulator"]}]""").Variable("TUPPENCE_FALLBACK", "emulator,anthropic").Loaded();

        Assert.Equal(["emulator"], loaded.Config.Routes.Single().Upstreams, StringComparer.Ordinal);
        Assert.Equal(["emulator", "anthropic"], loaded.Config.Fallback, StringComparer.Ordinal);
        Assert.Equal("TUPPENCE_ROUTES", loaded.OriginOf("routes").ToString());
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var errors = scene.File("""
            {
              "fallback": ["emulator", "antropic"],
              "routes": [
                { "models": ["x"] },
                { "model": ["x"], "upstreams": ["emulator"] },
                { "keys": ["zz yy"], "upstreams": "emulator" },
                ["emulator"],
              ],
            }
            """).Load().Errors;

        Assert.Equal(
            ["fallback[1]", "routes[0]", "routes[1].model", "routes[2].keys[0]", "routes[2].upstreams", "routes[3]"],
            errors.Select(static error => error.Key).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
        Assert.Contains(errors, static error => error.Remedy == "Did you mean anthropic?");
        Assert.Contains(errors, static error => error.Remedy == "Did you mean models?");
        Assert.DoesNotContain(errors, static error => error.ToString().Contains("zz yy", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rule_names_upstreams_and_keys_that_exist()
    {
        var errors = scene.File("""{ "gateway_keys": ["0123456789abcdef"], "routes": [{ "keys": ["fedcba9876543210"], "upstreams": ["emulator", "emulater"] }] }""").Load().Errors;

        Assert.Equal(["routes[0].keys", "routes[0].upstreams[1]"], errors.Select(static error => error.Key).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.DoesNotContain(errors, static error => error.ToString().Contains("fedcba", StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_of_rules_are_never_shown()
    {
        var loaded = scene.File("""{ "gateway_keys": ["0123456789abcdef"], "routes": [{ "models": ["a", "b*"], "keys": ["0123456789abcdef"], "upstreams": ["emulator"] }, { "upstreams": ["anthropic"] }] }""").Loaded();
        var setting = Tuppence.Configuration.Catalogue.SettingIndex.Gateway("routes")!;

        Assert.Equal("models a, b* keys *** to emulator, to anthropic", setting.Show(loaded.Config));
        Assert.DoesNotContain("0123456789abcdef", loaded.Config.Routes[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_keys_in_its_rules_is_one_that_others_should_not_read()
    {
        scene.Variable("TUPPENCE_GATEWAY_KEYS", "0123456789abcdef").File("""{ "routes": [{ "keys": ["0123456789abcdef"], "upstreams": ["emulator"] }] }""");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(scene.WorkingDirectory, "tuppence.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            Assert.Contains(scene.Loaded().Warnings, static warning => warning.Contains("holds a key", StringComparison.Ordinal));
        }
    }
}
