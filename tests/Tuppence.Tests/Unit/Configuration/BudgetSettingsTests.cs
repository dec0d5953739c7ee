using Tuppence.Configuration;
using Tuppence.Configuration.Catalogue;
using Tuppence.Spending;
using Tuppence.State.Budgets;

namespace Tuppence.Tests.Unit.Configuration;

public sealed class BudgetSettingsTests : IDisposable
{
    private readonly Scene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    public void Budgets_are_read_from_file_and_environment_to_the_nano_dollar()
    {
        var config = scene.File("""
            {
              "gateway_keys": ["0123456789abcdef", "fedcba9876543210"],
              "gateway_key_names": ["anna"],
              "budgets": {
                "soft_dollars_per_day": 0.000000001,
                "keys": { "anna": { "hard_dollars_per_day": 5, "soft_dollars_per_month": 12.5 }, "key 2": { "hard_dollars_per_month": 0 } },
                "utc_offset": "-05:30",
              },
            }
            """).Variable("TUPPENCE_BUDGETS_PRESETS", """{"*":{"hard_dollars_per_day":1}}""").Variable("TUPPENCE_BUDGETS_HARD_DOLLARS_PER_MONTH", "80").Loaded().Config.Budgets;

        Assert.Equal(new SpendingLimits { SoftPerDay = 1, HardPerMonth = 80_000_000_000 }, config.Total);
        Assert.Equal(new SpendingLimits { HardPerDay = 5_000_000_000, SoftPerMonth = 12_500_000_000 }, config.Keys["anna"]);
        Assert.Equal(new SpendingLimits { HardPerMonth = 0 }, config.Keys["key 2"]);
        Assert.Equal(new SpendingLimits { HardPerDay = 1_000_000_000 }, config.Presets["*"]);
        Assert.Equal(new TimeSpan(-5, -30, 0), config.UtcOffset);
        Assert.Equal(6, BudgetCompiler.Compile(config).Given.Count());
    }

    [Fact]
    public void What_is_shown_can_be_read_again()
    {
        var setting = GatewaySettings.All.Single(static one => one.Key == "budgets.keys");
        var config = new GatewayConfig { Budgets = new BudgetConfig { Keys = new Dictionary<string, SpendingLimits>(StringComparer.Ordinal) { ["*"] = new() { SoftPerDay = 1_500_000_000, HardPerDay = 2_000_000_000 } } } };
        using var stream = new MemoryStream();
        using (var json = new System.Text.Json.Utf8JsonWriter(stream))
        {
            setting.Write(json, config);
        }

        var text = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        Assert.Equal("""{"*":{"soft_dollars_per_day":1.5,"hard_dollars_per_day":2}}""", text);
        Assert.True(setting.Same(config, scene.File($$"""{ "budgets": { "keys": {{text}} } }""").Loaded().Config));
        Assert.Equal("*: soft_dollars_per_day $1.5, hard_dollars_per_day $2", setting.Show(config));
    }

    [Theory]
    [InlineData("""{ "budgets": { "hard_dollars_per_day": -1 } }""", "budgets.hard_dollars_per_day", "out of range")]
    [InlineData("""{ "budgets": { "hard_dollars_per_day": "5$" } }""", "budgets.hard_dollars_per_day", "Expected a number of dollars")]
    [InlineData("""{ "budgets": { "soft_dollars_per_day": 6, "hard_dollars_per_day": 5 } }""", "budgets.soft_dollars_per_day", "The soft limit ($6) is above the hard one ($5)")]
    [InlineData("""{ "budgets": { "presets": { "a": { "soft_dollars_per_month": 6, "hard_dollars_per_month": 5 } } } }""", "budgets.presets.a.soft_dollars_per_month", "above the hard one")]
    [InlineData("""{ "budgets": { "presets": { "a": 5 } } }""", "budgets.presets.a", "Expected an object")]
    [InlineData("""{ "budgets": { "presets": { "a": {} } } }""", "budgets.presets.a", "No limit is given")]
    [InlineData("""{ "budgets": { "presets": { "a": { "hard_dollar_per_day": 1 } } } }""", "budgets.presets.a.hard_dollar_per_day", "There is no such limit")]
    [InlineData("""{ "budgets": { "presets": { "a": { "hard_dollars_per_day": true } } } }""", "budgets.presets.a.hard_dollars_per_day", "Expected a number of dollars")]
    [InlineData("""{ "budgets": { "presets": [] } }""", "budgets.presets", "Expected an object")]
    [InlineData("""{ "budgets": { "keys": { "anna": { "hard_dollars_per_day": 1 } } } }""", "budgets.keys.anna", "No gateway key is named \"anna\"")]
    [InlineData("""{ "gateway_key_names": ["anna"] }""", "gateway_key_names", "There are 1 names for 0 keys")]
    [InlineData("""{ "gateway_keys": ["0123456789abcdef", "fedcba9876543210"], "gateway_key_names": ["key 2"] }""", "gateway_key_names", "Two keys are named \"key 2\"")]
    [InlineData("""{ "budgets": { "utc_offset": "+2" } }""", "budgets.utc_offset", "is no offset from UTC")]
    [InlineData("""{ "budgets": { "utc_offset": "+14:01" } }""", "budgets.utc_offset", "is no offset from UTC")]
    [InlineData("""{ "telemetry": { "otlp_endpoint": "ftp://x" } }""", "telemetry.otlp_endpoint", "neither https:// nor http://")]
    [InlineData("""{ "telemetry": { "otlp_endpoint": "http://collector:4318", "otlp_headers": { "x-key": "v" } } }""", "telemetry.otlp_headers", "readable over the network")]
    public void What_is_wrong_is_told_with_its_place(string file, string key, string problem)
    {
        var error = scene.File(file).OnlyError();

        Assert.Equal(key, error.Key);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_limited_and_nothing_sent_by_default()
    {
        var config = scene.Loaded().Config;

        Assert.True(BudgetCompiler.Compile(config.Budgets).AreNone);
        Assert.Equal(BudgetCalendar.Utc, BudgetCompiler.Compile(config.Budgets).Calendar);
        Assert.Equal((null, false, false, LogFormat.Text), (config.Telemetry.OtlpEndpoint, config.Telemetry.Prometheus, config.Telemetry.Propagate, config.LogFormat));
    }
}
