namespace Tuppence.Configuration;

/// <summary>What operators may collect. All of it is off until it is asked for, and nothing goes anywhere but where it says here.</summary>
public sealed record TelemetryConfig
{
    /// <summary>Base URL of an OTLP receiver (HTTP, protobuf), or null: nothing is exported.</summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary>Header lines for the receiver, keys among them.</summary>
    public IReadOnlyDictionary<string, string> OtlpHeaders { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Time between two exports of metrics, 1 s to an hour.</summary>
    public TimeSpan OtlpInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many of a hundred requests are traced where the client does not decide, 0 to 100.</summary>
    public int TracePercent { get; init; } = 100;

    /// <summary><c>service.name</c> of what is exported.</summary>
    public string ServiceName { get; init; } = "tuppence";

    /// <summary>Whether the <c>traceparent</c> that goes upstream is the gateway's own span. Otherwise the client's passes as it came.</summary>
    public bool Propagate { get; init; }

    /// <summary>Whether <c>GET /metrics</c> answers in the Prometheus text format.</summary>
    public bool Prometheus { get; init; }
}
