using Tuppence.Configuration.Rules;

namespace Tuppence.Configuration.Catalogue;

/// <summary>The options that choose between upstreams.</summary>
internal static class RoutingSettings
{
    private const double Day = 24 * 3600;

    /// <summary>Those at the top of the file, in the order of the manual.</summary>
    public static IReadOnlyList<Setting<GatewayConfig>> All { get; } =
    [
        new Setting<GatewayConfig, IReadOnlyList<RouteConfig>>("routes", new ListFormat<RouteConfig>(new RouteFormat(), "rules, each an object with upstreams and with models, presets or keys", '\n'), c => c.Routes, (c, v) => c with { Routes = v })
        {
            Summary = "Rules that send requests to upstreams by model, preset or gateway key; the first that holds decides, and its upstreams are tried in order.",
            Example = "[{ \"models\": [\"claude-opus-*\"], \"upstreams\": [\"my-upstream\", \"anthropic\"] }]",
        },
        new Setting<GatewayConfig, IReadOnlyList<string>>("fallback", new ListFormat<string>(new TextFormat("the name of an upstream", NameRules.NotEmpty), "names of upstreams"), c => c.Fallback, (c, v) => c with { Fallback = v })
        {
            Summary = "Upstreams that are tried in order where those before them are down or out of quota, before the first byte of an answer only.",
            Example = "[\"my-upstream\"]",
        },
        new Setting<GatewayConfig, TimeSpan>("sticky_seconds", new SecondsFormat(0, Day), c => c.Sticky, (c, v) => c with { Sticky = v })
        {
            Summary = "How long after its last answer a conversation stays with the upstream that gave it, where several could; its prompt cache is there. 0: not at all.",
        },
        new Setting<GatewayConfig, bool>("rewrite_results_url", new BooleanFormat(), c => c.RewriteResultsUrl, (c, v) => c with { RewriteResultsUrl = v })
        {
            Summary = "Whether results_url of message batches leads to the gateway instead of past it.",
        },
        new Setting<GatewayConfig, string?>("public_url", new TextFormat("an exact origin such as https://tuppence.example", HostRules.Origin), c => c.PublicUrl, (c, v) => c with { PublicUrl = v })
        {
            Summary = "Origin under which clients reach the gateway, for results_url. Left out: http:// and the Host that the client sent.",
            Example = "\"https://tuppence.example\"",
        },
    ];

    /// <summary>The group <c>breaker</c>.</summary>
    public static IReadOnlyList<Setting<GatewayConfig>> Breaker { get; } =
    [
        new Setting<GatewayConfig, int>("breaker.failures", new IntegerFormat(0, 1000), c => c.Breaker.Failures, (c, v) => c with { Breaker = c.Breaker with { Failures = v } })
        {
            Summary = "Failures in a row after which an upstream is passed over where there is another; 0: never.",
        },
        new Setting<GatewayConfig, TimeSpan>("breaker.open_seconds", new SecondsFormat(0.1, Day), c => c.Breaker.Open, (c, v) => c with { Breaker = c.Breaker with { Open = v } })
        {
            Summary = "Time until one request is let through again, to see.",
        },
    ];
}
