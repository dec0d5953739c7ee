using System.Globalization;
using System.Text;

namespace Tuppence.Telemetry.Metrics;

/// <summary>Writes the Prometheus text format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).</summary>
internal sealed class PrometheusText
{
    private const decimal MicrosPerSecond = 1_000_000m;

    private readonly StringBuilder text = new();

    /// <summary>The family's head; its samples follow.</summary>
    public void Family(string name, string type, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    /// <summary>One sample. Labels without a value are left out.</summary>
    public void Sample(string name, decimal value, params ReadOnlySpan<(string Name, string? Value)> labels)
    {
        text.Append(name);
        var first = true;
        foreach (var (label, given) in labels)
        {
            if (!string.IsNullOrEmpty(given))
            {
                text.Append(first ? '{' : ',').Append(label).Append("=\"");
                Escape(given);
                text.Append('"');
                first = false;
            }
        }

        text.Append(first ? " " : "} ").Append(value.ToString("0.#########", CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>A histogram of seconds.</summary>
    public void Histogram(string name, Buckets buckets, (string Name, string? Value) one, (string Name, string? Value) other)
    {
        foreach (var (bound, count) in buckets.Cumulative())
        {
            Sample(name + "_bucket", count, one, other, ("le", (bound / MicrosPerSecond).ToString("0.######", CultureInfo.InvariantCulture)));
        }

        Sample(name + "_bucket", buckets.Count, one, other, ("le", "+Inf"));
        Sample(name + "_sum", buckets.Sum / MicrosPerSecond, one, other);
        Sample(name + "_count", buckets.Count, one, other);
    }

    /// <summary>All of it as UTF-8.</summary>
    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(text.ToString());

    private void Escape(string value)
    {
        foreach (var c in value)
        {
            text.Append(c switch { '\\' => "\\\\", '"' => "\\\"", '\n' => "\\n", _ => null });
            if (c is not ('\\' or '"' or '\n'))
            {
                text.Append(c);
            }
        }
    }
}
