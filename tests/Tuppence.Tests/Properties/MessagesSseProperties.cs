using System.Net.ServerSentEvents;
using System.Text;
using CsCheck;
using Tuppence.Messages.Sse;

namespace Tuppence.Tests.Properties;

public sealed class MessagesSseProperties
{
    private static readonly string[] Lines =
    [
        "", "", "", "event: message_stop", "event:error", "event: content_block_delta", "event", "data: {\"type\":\"message_stop\"}", "data: {\"type\":\"error\",\"error\":{}}",
        "data:{ \"type\" : \"message_stop\" }", "data: {\"type\":\"content_block_delta\",\"delta\":\"日本\"}", "data", ": comment", "id: 1", "retry: 5", "other: x",
        "event: message_stop2", "data: " + "0123456789012345678901234567890123456789012345678901234567890123456789", "datax: 1", "event: ping",
    ];

    [Fact]
    public void An_event_put_in_at_any_boundary_damages_none_however_the_bytes_come() =>
        Gen.Select(Gen.Int, Gen.Int[0, 30]).Sample(
            (seed, count) =>
            {
                var bytes = Stream(seed, count);
                var expected = Parse(bytes);
                var boundary = new SseBoundary();
                for (var at = 0; at <= bytes.Length; at++)
                {
                    // Before the first byte nobody knows whether a byte order mark will come.
                    if (boundary.IsAtBoundary && !(at == 0 && bytes.AsSpan().StartsWith("\uFEFF"u8)))
                    {
                        byte[] with = [.. bytes[..at], .. "event: probe\ndata: 1\n\n"u8, .. bytes[at..]];
                        var items = Parse(with);
                        Assert.Single(items, item => item.StartsWith("probe|", StringComparison.Ordinal));
                        Assert.Equal(string.Join("¦", expected), string.Join("¦", items.Where(item => !item.StartsWith("probe|", StringComparison.Ordinal))));
                    }

                    if (at < bytes.Length)
                    {
                        boundary.Feed(bytes.AsSpan(at, 1));
                    }
                }
            },
            iter: 400);

    [Fact]
    public void The_terminal_event_is_the_first_that_a_parser_sees() =>
        Gen.Select(Gen.Int, Gen.Int[0, 30]).Sample(
            (seed, count) =>
            {
                var bytes = Stream(seed, count);
                var terminal = Parse(bytes).Select(static item => Terminal(item)).FirstOrDefault(t => t != SseTerminal.None);
                var random = new Random(seed);
                var whole = new SseBoundary();
                whole.Feed(bytes);
                var split = new SseBoundary();
                for (var at = 0; at < bytes.Length;)
                {
                    var length = Math.Min(random.Next(1, 40), bytes.Length - at);
                    split.Feed(bytes.AsSpan(at, length));
                    at += length;
                }

                Assert.Equal(terminal, whole.Terminal);
                Assert.Equal(terminal, split.Terminal);
                Assert.Equal(whole.IsAtBoundary, split.IsAtBoundary);
            },
            iter: 5000);

    private static SseTerminal Terminal(string item)
    {
        var (name, data) = (item[..item.IndexOf('|', StringComparison.Ordinal)], item[(item.IndexOf('|', StringComparison.Ordinal) + 1)..].Replace(" ", "", StringComparison.Ordinal));
        return name == "message_stop" ? SseTerminal.MessageStop
            : name == "error" ? SseTerminal.Error
            : data.StartsWith("{\"type\":\"message_stop\"", StringComparison.Ordinal) ? SseTerminal.MessageStop
            : data.StartsWith("{\"type\":\"error\"", StringComparison.Ordinal) ? SseTerminal.Error
            : SseTerminal.None;
    }

    private static byte[] Stream(int seed, int count)
    {
        var random = new Random(seed);
        var text = new StringBuilder(random.Next(5) == 0 ? "\uFEFF" : "");
        var ending = random.Next(4);
        var (named, data) = (false, false);
        for (var i = 0; i < count; i++)
        {
            var line = Lines[random.Next(Lines.Length)];

            // The parser carries the name of an event without data over to the next one; the standard does not (section 9.2.6).
            line = line.Length == 0 && named && !data ? "data: x" : line;
            named = line.Length > 0 && (named || line.StartsWith("event", StringComparison.Ordinal));
            data = line.Length > 0 && (data || line.StartsWith("data:", StringComparison.Ordinal) || line == "data");
            text.Append(line);
            text.Append((ending == 3 ? random.Next(3) : ending) switch { 0 => "\n", 1 => "\r\n", _ => "\r" });
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static List<string> Parse(byte[] bytes) =>
        [.. SseParser.Create(new MemoryStream(bytes), (type, data) => type + "|" + Encoding.UTF8.GetString(data)).Enumerate().Select(item => item.Data)];
}
