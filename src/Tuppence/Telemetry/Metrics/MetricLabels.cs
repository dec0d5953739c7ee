using System.Runtime.InteropServices;

namespace Tuppence.Telemetry.Metrics;

/// <summary>What requests are counted by; empty for none.</summary>
/// <param name="Model">The model, of a bounded number of names.</param>
/// <param name="Upstream">The upstream.</param>
/// <param name="Preset">The preset.</param>
/// <param name="Key">Name of the gateway key.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MetricLabels(string Model, string Upstream, string Preset, string Key);
