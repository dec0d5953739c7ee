using System.Globalization;
using System.Text.RegularExpressions;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional;

/// <summary>The page that Prometheus reads.</summary>
public sealed partial class PrometheusTests
{
    private const string Answer = """{"type":"message","model":"claude-sonnet-4-5","stop_reason":"end_turn","usage":{"input_tokens":1000,"output_tokens":100}}""";
    private const string Body = """{"model":"claude-sonnet-4-5","max_tokens":64,"messages":[{"role":"user","content":"the cat is in the attic"}]}""";
    private const string Key = "0123456789abcdef";

    [Fact]
    public async Task Counts_costs_durations_and_budgets_are_told_in_the_text_format()
    {
        await using var upstream = ScriptedUpstream.Answering(Answer);
        await using var gateway = await StartAsync(upstream, static config => config with { GatewayKeys = [new Secret(Key)], GatewayKeyNames = ["an\"na\\"], Budgets = new BudgetConfig { Total = new SpendingLimits { HardPerDay = 10_000_000 } } });
        var heard = HeardRequests.On(gateway);
        await gateway.PostAsync(Body, "/v1/story/messages", $"x-api-key: {Key}\r\n");
        await heard.NextAsync();
        await gateway.PostAsync(Body, "/v1/made-up-by-a-client/messages", $"x-api-key: {Key}\r\n");
        await heard.NextAsync();

        var page = await gateway.SendAsync(RawClient.Get("/metrics", $"Authorization: Bearer {Key}\r\n"));

        Assert.Equal((200, "text/plain; version=0.0.4; charset=utf-8"), (page.Status, page["content-type"]));
        var samples = Parse(page.Text);
        const string Labels = """model="claude-sonnet-4-5",upstream="upstream",preset="story",key="an\"na\\"}""";
        Assert.Equal(1000, samples["""tuppence_tokens_total{type="input",""" + Labels]);
        Assert.Equal(100, samples["""tuppence_tokens_total{type="output",""" + Labels]);
        Assert.Equal(0.0045m, samples["tuppence_cost_dollars_total{" + Labels]);
        Assert.Equal(1, samples["""tuppence_requests_total{kind="message",outcome="completed",status="200",""" + Labels]);
        Assert.Equal(1, samples["""tuppence_requests_total{kind="message",outcome="refused",status="404",key="an\"na\\"}"""]);
        Assert.Equal(1, samples["""tuppence_request_duration_seconds_count{model="claude-sonnet-4-5",upstream="upstream"}"""]);
        Assert.Equal(1, samples["""tuppence_request_duration_seconds_bucket{model="claude-sonnet-4-5",upstream="upstream",le="+Inf"}"""]);
        Assert.Equal(0.0045m, samples["""tuppence_budget_spent_dollars{budget="in total",period="day"}"""]);
        Assert.Equal(0.01m, samples["""tuppence_budget_limit_dollars{budget="in total",period="day",limit="hard"}"""]);
        Assert.DoesNotContain("made-up", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("attic", page.Text, StringComparison.Ordinal);
        LeakScan.Check(page.Text, gateway.Host.State.Current.Config);
    }

    [Fact]
    public async Task It_asks_for_a_gateway_key_wherever_requests_do()
    {
        await using var upstream = ScriptedUpstream.Answering(Answer);
        await using var gateway = await StartAsync(upstream, static config => config with { GatewayKeys = [new Secret(Key)] });

        Assert.Equal(401, (await gateway.SendAsync(RawClient.Get("/metrics"))).Status);
        Assert.Equal(405, (await gateway.SendAsync(RawClient.Post("/metrics", "{}", $"x-api-key: {Key}\r\n"))).Status);
        Assert.Empty(upstream.Calls);
    }

    [Fact]
    public async Task Where_nobody_asked_for_it_the_path_is_relayed_and_a_reload_turns_it_on_and_off()
    {
        await using var upstream = ScriptedUpstream.Answering("""{"upstream":"metrics"}""");
        await using var gateway = await TestGateway.StartAsync(upstream);
        var config = gateway.Host.State.Current.Config;
        Assert.Equal("""{"upstream":"metrics"}""", (await gateway.SendAsync(RawClient.Get("/metrics"))).Text);

        gateway.Host.Reload(config with { Telemetry = new TelemetryConfig { Prometheus = true } });
        Assert.StartsWith("# HELP tuppence_build_info", (await gateway.SendAsync(RawClient.Get("/metrics?x=1"))).Text, StringComparison.Ordinal);

        gateway.Host.Reload(config);
        Assert.Equal("""{"upstream":"metrics"}""", (await gateway.SendAsync(RawClient.Get("/metrics"))).Text);
        Assert.Equal(2, upstream.Calls.Count);
    }

    [Fact]
    public async Task However_many_names_of_models_clients_make_up_the_labels_stay_few()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(upstream, static config => config);
        var heard = HeardRequests.On(gateway);
        for (var i = 0; i < 110; i++)
        {
            await gateway.PostAsync($$"""{"model":"made-up-{{i}}","max_tokens":1,"messages":[]}""");
            await heard.NextAsync();
        }

        var samples = Parse((await gateway.SendAsync(RawClient.Get("/metrics"))).Text);

        Assert.Equal(101, samples.Keys.Count(static name => name.StartsWith("tuppence_requests_total", StringComparison.Ordinal)));
        Assert.Equal(10, samples["""tuppence_requests_total{kind="message",outcome="completed",status="200",model="other",upstream="upstream"}"""]);
    }

    private static Task<TestGateway> StartAsync(ScriptedUpstream upstream, Func<GatewayConfig, GatewayConfig> change) =>
        TestGateway.StartAsync(upstream, config => change(config) with { Telemetry = new TelemetryConfig { Prometheus = true } }, null, ("story", """{"system":"Tell."}"""));

    /// <summary>Every line is a comment or a sample of a family that was described before it.</summary>
    private static Dictionary<string, decimal> Parse(string text)
    {
        var samples = new Dictionary<string, decimal>(StringComparer.Ordinal);
        var families = new HashSet<string>(StringComparer.Ordinal);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                families.Add(line.Split(' ')[2]);
                continue;
            }

            var match = SampleLine().Match(line);
            Assert.True(match.Success, line);
            Assert.Contains(families, family => match.Groups["name"].Value.StartsWith(family, StringComparison.Ordinal));
            samples.Add(match.Groups["series"].Value, decimal.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture));
        }

        return samples;
    }

    [GeneratedRegex("""^(?<series>(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-z_]+="([^"\\]|\\["\\n])*",?)+\})?) (?<value>-?[0-9.]+)$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SampleLine();
}
