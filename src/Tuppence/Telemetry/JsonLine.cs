using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tuppence.Accounting;

namespace Tuppence.Telemetry;

/// <summary>
/// Composes one line of the log as a JSON object: <c>time</c>, <c>level</c>, <c>category</c>, <c>event</c> (a number that stays with the message), <c>message</c>,
/// <c>request_id</c> where the line is about a request, and the message's values under <c>values</c>, their names in snake_case.
/// </summary>
internal static class JsonLine
{
    /// <summary>The line without its end.</summary>
    public static string Compose(
        DateTimeOffset time, LogLevel level, string category, EventId eventId, string message, IReadOnlyList<KeyValuePair<string, object?>>? values, Exception? exception, bool withStack)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteString("level"u8, NameOf(level));
            json.WriteString("category"u8, category);
            if (eventId.Id != 0)
            {
                json.WriteNumber("event"u8, eventId.Id);
            }

            json.WriteString("message"u8, message);
            Write(json, values ?? []);
            if (exception is not null)
            {
                json.WriteString("exception"u8, withStack ? exception.ToString() : $"{exception.GetType().Name}: {exception.Message}");
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        var isOpen = false;
        foreach (var (name, value) in values)
        {
            if (name == RequestLine.IdName)
            {
                json.WriteString("request_id"u8, value as string);
            }
        }

        foreach (var (name, value) in values)
        {
            if (name is RequestLine.IdName or "{OriginalFormat}")
            {
                continue;
            }

            if (!isOpen)
            {
                json.WriteStartObject("values"u8);
                isOpen = true;
            }

            Write(json, JsonNamingPolicy.SnakeCaseLower.ConvertName(name), value);
        }

        if (isOpen)
        {
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };
}
