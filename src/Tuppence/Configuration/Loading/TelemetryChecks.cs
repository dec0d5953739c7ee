using Tuppence.Upstreams.Http1;

namespace Tuppence.Configuration.Loading;

/// <summary>What must fit together in telemetry.</summary>
internal static class TelemetryChecks
{
    /// <summary>A receiver's key does not cross a network in clear text.</summary>
    public static void Check(Draft draft)
    {
        var telemetry = draft.Config.Telemetry;
        if (telemetry.OtlpHeaders.Count > 0 && !draft.IsWrong("telemetry.otlp_endpoint")
            && Uri.TryCreate(telemetry.OtlpEndpoint, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp && !AddressRules.IsLoopback(url.Host))
        {
            draft.Refuse("telemetry.otlp_headers", "Plain http would send these header lines readable over the network.", null, "Write telemetry.otlp_endpoint with https://, or remove the header lines.");
        }
    }
}
