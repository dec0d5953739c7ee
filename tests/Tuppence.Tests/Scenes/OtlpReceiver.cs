using System.Buffers.Binary;
using System.Text;

namespace Tuppence.Tests.Scenes;

/// <summary>An OpenTelemetry receiver (OTLP over HTTP, protobuf) that keeps what it was sent.</summary>
/// <remarks>Field numbers: https://github.com/open-telemetry/opentelemetry-proto (trace.proto, metrics.proto, common.proto).</remarks>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ScriptedUpstream server = ScriptedUpstream.Start(static call => call.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"));

    public string Url => server.Url;

    public IReadOnlyList<UpstreamCall> Calls => server.Calls;

    /// <summary>All that arrived, as text: whatever is in it can be searched.</summary>
    public string Everything => string.Concat(Calls.Select(static call => call.Head + Encoding.Latin1.GetString(call.Body)));

    /// <summary>The spans so far.</summary>
    public IReadOnlyList<Span> Spans => [.. Messages("/v1/traces").SelectMany(static message => message.All(1)).SelectMany(static resource => resource.All(2)).SelectMany(static scope => scope.All(2)).Select(static span => new Span(
        Convert.ToHexStringLower(span.Bytes(1)),
        Convert.ToHexStringLower(span.Bytes(2)),
        Convert.ToHexStringLower(span.Bytes(4)),
        span.Text(5),
        span.Number(6),
        Attributes(span, 9),
        span.All(15).Select(static status => status.Number(3)).FirstOrDefault()))];

    /// <summary>Points of all metrics: name, unit, count or value, sum, attributes.</summary>
    public IReadOnlyList<Point> Points => [.. Messages("/v1/metrics").SelectMany(static message => message.All(1)).SelectMany(static resource => resource.All(2)).SelectMany(static scope => scope.All(2)).SelectMany(static metric =>
        metric.All(9).SelectMany(static histogram => histogram.All(1)).Select(point => new Point(metric.Text(1), metric.Text(3), (long)point.Fixed(4), BitConverter.UInt64BitsToDouble(point.Fixed(5)), Attributes(point, 9)))
            .Concat(metric.All(7).SelectMany(static sum => sum.All(1)).Select(point => new Point(metric.Text(1), metric.Text(3), 1, BitConverter.UInt64BitsToDouble(point.Fixed(4)), Attributes(point, 7)))))];

    /// <summary>Attributes of the resource.</summary>
    public IReadOnlyDictionary<string, string> Resource => Attributes(Messages("/v1/traces").First().All(1).First().All(1).First(), 1);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private IEnumerable<Message> Messages(string path) => Calls.Where(call => call.RequestLine == $"POST {path} HTTP/1.1").Select(static call => new Message(call.Body));

    private static Dictionary<string, string> Attributes(Message owner, int field) => owner.All(field).ToDictionary(static pair => pair.Text(1), static pair => Value(pair.All(2).First()), StringComparer.Ordinal);

    private static string Value(Message value) =>
        value.Has(1) ? value.Text(1)
        : value.Has(2) ? value.Number(2) == 1 ? "true" : "false"
        : value.Has(4) ? BitConverter.UInt64BitsToDouble(value.Fixed(4)).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : value.Has(5) ? "[" + string.Join(",", value.All(5).SelectMany(static list => list.All(1)).Select(Value)) + "]"
        : value.Number(3).ToString(System.Globalization.CultureInfo.InvariantCulture);

    internal sealed record Span(string Trace, string Id, string Parent, string Name, long Kind, IReadOnlyDictionary<string, string> Attributes, long Status);

    internal sealed record Point(string Name, string Unit, long Count, double Sum, IReadOnlyDictionary<string, string> Attributes);

    /// <summary>The fields of one protobuf message (https://protobuf.dev/programming-guides/encoding).</summary>
    private sealed class Message
    {
        private readonly List<(int Field, byte[] Bytes, ulong Number)> fields = [];

        public Message(byte[] bytes)
        {
            var at = 0;
            ulong Varint()
            {
                ulong value = 0;
                for (var shift = 0; ; shift += 7)
                {
                    var one = bytes[at++];
                    value |= (ulong)(one & 0x7F) << shift;
                    if (one < 0x80)
                    {
                        return value;
                    }
                }
            }

            while (at < bytes.Length)
            {
                var tag = Varint();
                var (field, wire) = ((int)(tag >> 3), (int)(tag & 7));
                switch (wire)
                {
                    case 0:
                        fields.Add((field, [], Varint()));
                        break;
                    case 1:
                        fields.Add((field, [], BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at))));
                        at += 8;
                        break;
                    case 2:
                        var length = (int)Varint();
                        fields.Add((field, bytes[at..(at + length)], 0));
                        at += length;
                        break;
                    default:
                        fields.Add((field, [], BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at))));
                        at += 4;
                        break;
                }
            }
        }

        public bool Has(int field) => fields.Exists(one => one.Field == field);

        public IEnumerable<Message> All(int field) => fields.Where(one => one.Field == field).Select(static one => new Message(one.Bytes));

        public byte[] Bytes(int field) => fields.Where(one => one.Field == field).Select(static one => one.Bytes).FirstOrDefault([]);

        public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

        public long Number(int field) => (long)Fixed(field);

        public ulong Fixed(int field) => fields.Where(one => one.Field == field).Select(static one => one.Number).FirstOrDefault();
    }
}
