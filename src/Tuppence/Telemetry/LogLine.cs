using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tuppence.Telemetry;

/// <summary>Composes one line of the log: <c>2026-11-22T17:50:48.123Z INFO  Exchange  message</c>.</summary>
internal static class LogLine
{
    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7F).Concat(Enumerable.Range(0x80, 0x20)).Append(0x2028).Append(0x2029).Select(c => (char)c)]);

    /// <summary>The line without its end. Control characters in the message are escaped, so that one message is one line.</summary>
    public static string Compose(DateTimeOffset time, LogLevel level, string category, string message, Exception? exception, bool colors, bool withStack)
    {
        var line = new StringBuilder(message.Length + 64);
        line.Append(time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)).Append(' ');
        var (name, color) = level switch
        {
            LogLevel.Trace => ("TRACE", "2"),
            LogLevel.Debug => ("DEBUG", "36"),
            LogLevel.Information => ("INFO ", "32"),
            LogLevel.Warning => ("WARN ", "33;1"),
            _ => ("ERROR", "31;1"),
        };
        line.Append(colors ? $"\e[{color}m{name}\e[0m" : name).Append(' ').Append(category).Append("  ");
        Escape(line, message);
        if (exception is not null)
        {
            line.Append(" | ");
            Escape(line, withStack ? exception.ToString() : $"{exception.GetType().Name}: {exception.Message}");
        }

        return line.ToString();
    }

    private static void Escape(StringBuilder line, string text)
    {
        var rest = text.AsSpan();
        while (rest.IndexOfAny(Controls) is var at && at >= 0)
        {
            line.Append(rest[..at]);
            line.Append(rest[at] switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                var c => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            });
            rest = rest[(at + 1)..];
        }

        line.Append(rest);
    }
}
