using System.Globalization;
using System.Text;
using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Traces;

/// <summary>Reads recorded requests: a JSON object a line, with <c>t</c> (seconds) and <c>request</c>; <c>kind</c> and <c>reply_text</c> are optional.</summary>
public static class TraceReader
{
    /// <summary>Reads all lines.</summary>
    /// <param name="lines">UTF-8. The bodies point into it.</param>
    /// <exception cref="FormatException">A line is not such an object; the message names it.</exception>
    public static IReadOnlyList<TraceRequest> Read(ReadOnlyMemory<byte> lines)
    {
        var requests = new List<TraceRequest>();
        for (var number = 1; !lines.IsEmpty; number++)
        {
            var end = lines.Span.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
            if (!line.Span.Trim(" \r\t"u8).IsEmpty)
            {
                requests.Add(ReadLine(line, number));
            }
        }

        return requests;
    }

    private static TraceRequest ReadLine(ReadOnlyMemory<byte> line, int number)
    {
        if (!MessageBody.TryRead(line, out var body, out var fault))
        {
            throw new FormatException($"Line {number.ToString(CultureInfo.InvariantCulture)} of the trace is not a JSON object: {fault.Message}");
        }

        if (!body.TryFind("t"u8, out var t) || !JsonText.TryNumber(t.Value.Of(line.Span), out var seconds) || !body.TryFind("request"u8, out var request))
        {
            throw new FormatException($"Line {number.ToString(CultureInfo.InvariantCulture)} of the trace lacks \"t\" (a number of seconds) or \"request\" (the body of a Messages request).");
        }

        var kind = body.TryFind("kind"u8, out var said) ? JsonText.Decode(said.Value.Of(line.Span)) : "";
        var reply = body.TryFind("reply_text"u8, out var text) && line.Span[text.Value.Start] == '"' ? Encoding.UTF8.GetByteCount(JsonText.Decode(text.Value.Of(line.Span))) : 0;
        return new TraceRequest(DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond)), kind, line[request.Value.Start..request.Value.End], reply);
    }
}
