using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tuppence.Upstreams.ClaudeCode;

namespace Tuppence.ClaudeCode;

/// <summary>What can be told of the upstream: how far its program is, and what that said last of the limits of its sign-in.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Limits">The limits; null where none were told, as with sign-ins that have none.</param>
internal sealed record ProgramReport(ProgramState State, ClaudeCodeLimits? Limits)
{
    /// <summary>In one phrase for people, with the limits.</summary>
    public string Text => Limits is null ? State.Text : $"{State.Text}; {LimitsText(Limits)}";

    /// <summary>Writes an object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("state"u8, State.Name);
        json.WriteString("text"u8, Text);
        json.WritePropertyName("limits"u8);
        WriteLimits(json, Limits);
        json.WriteEndObject();
    }

    /// <summary>The object as text.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the windows of the limits as an array, or null.</summary>
    public static void WriteLimits(Utf8JsonWriter json, ClaudeCodeLimits? limits)
    {
        if (limits is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (var window in WindowsOf(limits))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, window.Name);
            json.WriteString("status"u8, window.Status);
            if (window.Utilization is { } used)
            {
                json.WriteNumber("used"u8, used);
            }
            else
            {
                json.WriteNull("used"u8);
            }

            json.WriteString("resets"u8, window.ResetsAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("at"u8, limits.At.UtcDateTime);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string LimitsText(ClaudeCodeLimits limits) => string.Join(", ", WindowsOf(limits).Select(static window =>
        window.Name.Replace('_', ' ')
        + (window.Utilization is { } used ? string.Create(CultureInfo.InvariantCulture, $" {used * 100:0} % used") : window.Status.Length > 0 ? " " + window.Status.Replace('_', ' ') : "")
        + (window.ResetsAt is { } end ? string.Create(CultureInfo.InvariantCulture, $", begins anew {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC") : "")));

    private static IReadOnlyList<ClaudeCodeWindow> WindowsOf(ClaudeCodeLimits limits) => limits.Windows.Count > 0
        ? limits.Windows
        : [new ClaudeCodeWindow(limits.Kind.Length > 0 ? limits.Kind : "limit", limits.Status, limits.Utilization, limits.ResetsAt)];
}
