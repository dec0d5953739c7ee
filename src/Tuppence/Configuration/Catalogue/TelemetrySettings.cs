using Tuppence.Configuration.Rules;

namespace Tuppence.Configuration.Catalogue;

/// <summary>The options of the group <c>telemetry</c>.</summary>
internal static class TelemetrySettings
{
    /// <summary>All of the group, in the order of the manual.</summary>
    public static IReadOnlyList<Setting<GatewayConfig>> All { get; } =
    [
        new Setting<GatewayConfig, string?>("telemetry.otlp_endpoint", new TextFormat("the http or https URL of an OTLP receiver", UrlRules.Receiver), c => c.Telemetry.OtlpEndpoint, (c, v) => c with { Telemetry = c.Telemetry with { OtlpEndpoint = v } })
        {
            Summary = "OpenTelemetry receiver that traces and metrics are sent to, as OTLP over HTTP in protobuf; /v1/traces and /v1/metrics are added. Left out: nothing is sent anywhere.",
            Example = "\"http://127.0.0.1:4318\"", NeedsRestart = true,
        },
        new Setting<GatewayConfig, IReadOnlyDictionary<string, string>>("telemetry.otlp_headers", Headers, c => c.Telemetry.OtlpHeaders, (c, v) => c with { Telemetry = c.Telemetry with { OtlpHeaders = v } })
        {
            Summary = "Header lines for the receiver. Over plain http beyond loopback they are refused.",
            Example = "{ \"x-api-key\": \"…\" }", NeedsRestart = true,
        },
        new Setting<GatewayConfig, TimeSpan>("telemetry.otlp_interval_seconds", new SecondsFormat(1, 3600), c => c.Telemetry.OtlpInterval, (c, v) => c with { Telemetry = c.Telemetry with { OtlpInterval = v } })
        {
            Summary = "Time between two exports of metrics.", NeedsRestart = true,
        },
        new Setting<GatewayConfig, int>("telemetry.trace_percent", new IntegerFormat(0, 100), c => c.Telemetry.TracePercent, (c, v) => c with { Telemetry = c.Telemetry with { TracePercent = v } })
        {
            Summary = "How many of a hundred requests are traced. A request with a traceparent is traced where that says so.", NeedsRestart = true,
        },
        new Setting<GatewayConfig, string?>("telemetry.service_name", new TextFormat("text", NameRules.NotEmpty), c => c.Telemetry.ServiceName, (c, v) => c with { Telemetry = c.Telemetry with { ServiceName = v! } })
        {
            Summary = "Name of this gateway in what is sent (service.name).", NeedsRestart = true,
        },
        new Setting<GatewayConfig, bool>("telemetry.propagate", new BooleanFormat(), c => c.Telemetry.Propagate, (c, v) => c with { Telemetry = c.Telemetry with { Propagate = v } })
        {
            Summary = "Whether requests to upstreams carry the gateway's own span as traceparent, where they are traced. Off: nothing is added, and a client's traceparent passes as it came.",
        },
        new Setting<GatewayConfig, bool>("telemetry.prometheus", new BooleanFormat(), c => c.Telemetry.Prometheus, (c, v) => c with { Telemetry = c.Telemetry with { Prometheus = v } })
        {
            Summary = "Whether GET /metrics answers with counts, costs and durations since the start, in the Prometheus text format. It asks for a gateway key wherever requests do.",
        },
    ];

    private static MapFormat Headers => new("an object of header lines", StringComparer.OrdinalIgnoreCase, NameRules.ReceiverHeader) { Masked = true };
}
