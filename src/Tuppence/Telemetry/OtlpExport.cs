using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Tuppence.Configuration;
using Tuppence.Exchange;

namespace Tuppence.Telemetry;

/// <summary>Sends traces and metrics to the receiver that the configuration names. Lives as long as the process; its disposal sends what is left.</summary>
internal sealed class OtlpExport : IAsyncDisposable
{
    private const string Name = "Tuppence";

    private readonly ActivitySource source = new(Name, ProductVersion.Text);
    private readonly Meter meter = new(Name, ProductVersion.Text);
    private readonly TracerProvider traces;
    private readonly MeterProvider metrics;

    private OtlpExport(TelemetryConfig config, GatewayState state)
    {
        var endpoint = config.OtlpEndpoint!.TrimEnd('/');
        void Describe(ResourceBuilder resource) => resource.AddService(config.ServiceName, serviceVersion: ProductVersion.Text);
        traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .SetSampler(new ParentBasedSampler(config.TracePercent == 100 ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(config.TracePercent / 100.0)))
            .AddSource(Name)
            .AddOtlpExporter(options => Set(options, endpoint + "/v1/traces", config))
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(Name)
            .AddOtlpExporter((options, reader) =>
            {
                Set(options, endpoint + "/v1/metrics", config);
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)config.OtlpInterval.TotalMilliseconds;
            })
            .Build();
        state.Sinks.Add(new TraceSink(source, () => state.Current.Upstreams));
        state.Sinks.Add(new MeterSink(meter, () => state.Current.Upstreams));
    }

    /// <summary>Begins, where the configuration names a receiver; else null, and nothing is made.</summary>
    public static OtlpExport? Start(TelemetryConfig config, GatewayState state) => config.OtlpEndpoint is null ? null : new OtlpExport(config, state);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Both wait for their last export.
        await Task.WhenAll(Task.Run(traces.Dispose), Task.Run(metrics.Dispose));
        source.Dispose();
        meter.Dispose();
    }

    private static void Set(OtlpExporterOptions options, string url, TelemetryConfig config)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(url);
        // As in the variable OTEL_EXPORTER_OTLP_HEADERS: values are percent-encoded.
        options.Headers = string.Join(',', config.OtlpHeaders.Select(static line => $"{line.Key}={Uri.EscapeDataString(line.Value)}"));
    }
}
