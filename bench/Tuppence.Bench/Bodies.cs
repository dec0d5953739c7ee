using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tuppence.Bench;

/// <summary>Requests as SillyTavern 1.19.0 sends them, the shapes of gateway/bodies.py: 1 KB, a 200 KB chat, 2 MB of images. Deterministic.</summary>
internal static class Bodies
{
    private const string Words = "the of and a to in is you that it he was for on are as with his they be this have from or one had by word but not what all were we when";

    private static readonly JsonSerializerOptions AsNodeWrites = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Make(string size) => size switch
    {
        "1 KB" => Write([Text("You are a helpful assistant.")], [Message("user", Text(Prose(new Random(1), 640)))]),
        "200 KB" => Chat(new Random(2)),
        "2 MB" => Images(new Random(3)),
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "1 KB, 200 KB or 2 MB"),
    };

    /// <summary>A chat of so many blocks; a longer one begins as a shorter one does.</summary>
    public static byte[] LongChat(int blocks, int bytesPerBlock, int seed = 4)
    {
        var random = new Random(seed);
        var system = Text(Prose(random, 4 * bytesPerBlock));
        var messages = new List<object>();
        while (messages.Count < blocks - 1)
        {
            messages.Add(Message(messages.Count % 2 == 0 ? "user" : "assistant", Text(Prose(random, bytesPerBlock))));
        }

        return Write([system], messages);
    }

    private static byte[] Chat(Random random)
    {
        var messages = new List<object>();
        for (var total = 0; total < 187_000 || messages.Count % 2 == 0;)
        {
            var user = messages.Count % 2 == 0;
            var content = Prose(random, user ? random.Next(100, 500) : random.Next(600, 6000));
            total += Encoding.UTF8.GetByteCount(content);
            messages.Add(Message(user ? "user" : "assistant", Text(content, cached: total >= 180_000 && user)));
        }

        return Write([Text(Prose(random, 956)), Text(Prose(random, 6500)), Text("[Start a new Chat]", cached: true)], messages);
    }

    private static byte[] Images(Random random)
    {
        var blocks = new List<object>();
        for (var i = 0; i < 3; i++)
        {
            var pixels = new byte[500_000];
            random.NextBytes(pixels);
            blocks.Add(new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["type"] = "image",
                ["source"] = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["type"] = "base64",
                    ["media_type"] = "image/png",
                    ["data"] = Convert.ToBase64String(pixels),
                },
            });
        }

        blocks.Add(Text(Prose(random, 2000), cached: true));
        return Write([Text(Prose(random, 2000))], [Message("user", [.. blocks])]);
    }

    private static Dictionary<string, object> Text(string text, bool cached = false)
    {
        var block = new Dictionary<string, object>(StringComparer.Ordinal) { ["type"] = "text", ["text"] = text };
        if (cached)
        {
            block["cache_control"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["type"] = "ephemeral", ["ttl"] = "1h" };
        }

        return block;
    }

    private static Dictionary<string, object> Message(string role, params object[] content) =>
        new(StringComparer.Ordinal) { ["role"] = role, ["content"] = content };

    private static byte[] Write(object[] system, List<object> messages) => JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["system"] = system,
            ["messages"] = messages,
            ["model"] = "claude-sonnet-4-5",
            ["max_tokens"] = 1024,
            ["stop_sequences"] = Array.Empty<string>(),
            ["temperature"] = 0.9,
            ["top_p"] = 0.95,
            ["top_k"] = 0,
            ["stream"] = true,
        },
        AsNodeWrites);

    private static string Prose(Random random, int length)
    {
        var words = Words.Split(' ');
        var text = new StringBuilder(length + 16);
        while (text.Length < length)
        {
            var word = words[random.Next(words.Length)];
            text.Append(random.Next(100) switch
            {
                0 or 1 => $"\"{word}\"",
                2 => "naïve 日本語 —",
                3 or 4 => $"*{word}*",
                5 or 6 => word + "\n",
                _ => word,
            }).Append(' ');
        }

        return text.ToString();
    }
}
