using System.Globalization;
using System.Text;
using CsCheck;

namespace Tuppence.Tests.Properties;

/// <summary>Bodies and streams that are as odd as a wire allows, and ways to cut them up. All from a seed.</summary>
internal static class OddBytes
{
    private static readonly string[] StreamPieces =
    [
        "event: message_start", "data: {\"type\":\"ping\"}", ": comment", ":", "event: unknown_kind", "data", "data:", "id: 7", "retry: 1", "no field", " leading",
        "data: {\"a\": \"日本語 😀 é\"}", "event: content_block_delta", "data: \\u0000 \\ud800", "event: error", "data: {\"type\":\"error\"}", "event: message_stop", "",
    ];

    private static readonly string[] LineEnds = ["\n", "\n", "\r\n", "\r"];

    private static readonly string[] JsonValues =
    [
        "9223372036854775807", "18446744073709551615", "-0", "1E400", "0.1000", "\"\\ud800\"", "\"\\u0041\\/\"", "\"é日本😀\"", "[ ]", "{\"a\":1,\"a\":2}", "null", "\"\"",
    ];

    /// <summary>One of a few values.</summary>
    public static Gen<T> Pick<T>(params T[] from) => Gen.Int[0, from.Length - 1].Select(index => from[index]);

    /// <summary>A body: odd JSON, JSON cut short, bytes that are no UTF-8, or nothing.</summary>
    public static byte[] Body(int seed)
    {
        var random = new Random(seed);
        var json = MessagesBodies.Write(seed);
        switch (random.Next(6))
        {
            case 0:
                return json[..random.Next(json.Length + 1)];
            case 1:
                random.NextBytes(json);
                return json;
            case 2:
                json[random.Next(json.Length)] = (byte)random.Next(0x80, 0x100);
                return json;
            default:
                return json;
        }
    }

    /// <summary>A body that a preset can be applied to without touching what is there: system blocks, and a user message last.</summary>
    public static byte[] Conversation(int seed)
    {
        var random = new Random(seed);
        string Space() => random.Next(4) switch { 0 => " ", 1 => "\r\n\t", _ => "" };
        string Value() => JsonValues[random.Next(JsonValues.Length)];
        var members = new List<string>
        {
            $"\"model\"{Space()}:{Space()}\"claude-unknown\"",
            $"\"system\":{Space()}[{Space()}{{\"type\":\"text\",{Space()}\"x\":{Value()},\"text\":\"Be \\u00e9 kind\"}}{Space()}]",
            $"\"messages\"{Space()}:[{{\"role\":\"assistant\",\"content\":{Space()}\"\\ud83d\\ude00\"}},{Space()}{{\"role\":\"user\",\"y\":{Value()},\"content\":\"日本\"}}{Space()}]",
            $"\"unknown\":{Space()}{Value()}",
            $"\"unknown\"{Space()}:{Value()}",
            "\"max_tokens\":\t10",
        };
        var order = members.ToArray();
        random.Shuffle(order);
        return Encoding.UTF8.GetBytes($"{Space()}{{{Space()}{string.Join(Space() + "," + Space(), order)}{Space()}}}{Space()}");
    }

    /// <summary>An event stream; <paramref name="longest"/> is the length that one data line may have.</summary>
    public static byte[] Stream(int seed, int longest)
    {
        var random = new Random(seed);
        var text = new StringBuilder(random.Next(5) == 0 ? "\uFEFF" : "");
        var lines = random.Next(60);
        for (var i = 0; i < lines; i++)
        {
            text.Append(StreamPieces[random.Next(StreamPieces.Length)]);
            text.Append(LineEnds[random.Next(LineEnds.Length)]);
        }

        if (longest > 0)
        {
            text.Append("data: ").Append('w', longest).Append('é').Append("\n\n");
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (bytes.Length > 0 && random.Next(4) == 0)
        {
            bytes[random.Next(bytes.Length)] = 0xFF;
        }

        return bytes;
    }

    /// <summary>Bytes in chunked framing, with chunks of 1 to <paramref name="largest"/> bytes.</summary>
    public static byte[] Chunked(byte[] bytes, int seed, int largest)
    {
        var random = new Random(seed);
        var framed = new MemoryStream();
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(random.Next(1, largest + 1), bytes.Length - at);
            var size = length.ToString(random.Next(2) == 0 ? "x" : "X4", CultureInfo.InvariantCulture);
            framed.Write(Encoding.ASCII.GetBytes(size + (random.Next(8) == 0 ? ";ext=\"1\"" : "") + "\r\n"));
            framed.Write(bytes, at, length);
            framed.Write("\r\n"u8);
            at += length;
        }

        framed.Write("0\r\n\r\n"u8);
        return framed.ToArray();
    }

    /// <summary>Cuts bytes into runs of 1 to <paramref name="largest"/>.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Cut(byte[] bytes, int seed, int largest)
    {
        var random = new Random(seed);
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(random.Next(1, largest + 1), bytes.Length - at);
            yield return bytes.AsMemory(at, length);
            at += length;
        }
    }
}
