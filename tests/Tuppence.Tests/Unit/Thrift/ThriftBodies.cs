using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tuppence.Messages.Models;
using Tuppence.Thrift;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Tests.Unit.Thrift;

/// <summary>Small requests, and a planner with its provider, for the tests of the thrift library.</summary>
internal static class ThriftBodies
{
    /// <summary>Prices with reads at a twentieth.</summary>
    public static readonly ModelPrices Prices = new(1000, 5000, 1250, 2000, 50, 500, 2500);

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Utf8(string json) => Encoding.UTF8.GetBytes(json);

    public static Prompt Read(ReadOnlyMemory<byte> body)
    {
        var prompt = new Prompt();
        Assert.True(new PromptReader(ByteTokenCounter.Instance, ModelTable.Default).TryRead(body, prompt));
        return prompt;
    }

    /// <summary>A chat: system blocks, then messages by turns of user and assistant, a block each.</summary>
    public static byte[] Chat(IEnumerable<string> system, IEnumerable<string> messages) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            model = "claude-sonnet-5",
            max_tokens = 1024,
            stream = true,
            system = system.Select(static text => new { type = "text", text }),
            messages = messages.Select(static (text, i) => new { role = i % 2 == 0 ? "user" : "assistant", content = new[] { new { type = "text", text } } }),
        },
        Plain);

    /// <summary>A text of about so many tokens that says its name.</summary>
    public static string Text(string name, int tokens) => new StringBuilder().Insert(0, name + " ", (int)(tokens * 3.6 / (name.Length + 1)) + 1).ToString();

    public static PlanContext Context(double minutes, CacheLevel level = CacheLevel.Markers, string scope = "test") =>
        new(scope, level, Prices, 1024, DateTimeOffset.UnixEpoch.AddMinutes(minutes));
}
