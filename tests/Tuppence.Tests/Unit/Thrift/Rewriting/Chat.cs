using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tuppence.Messages.Models;
using Tuppence.Thrift;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Rewriting;

namespace Tuppence.Tests.Unit.Thrift.Rewriting;

/// <summary>A chat as a front end sends it: a head of blocks, and messages.</summary>
internal sealed class Chat
{
    public static readonly ModelPrices Prices = new(1000, 0, 1250, 2000, 50, 0, 0);

    public DateTimeOffset At { get; set; } = DateTimeOffset.UnixEpoch;

    public List<string> System { get; } = [];

    public List<(string Role, string[] Blocks)> Messages { get; } = [];

    public static string Words(int seed, int sentences)
    {
        string[] words = ["river", "stone", "lantern", "ledger", "harbour", "winter", "cellar", "ferry", "iron", "glove", "shawl", "rope"];
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var i = 0; i < sentences; i++)
        {
            text.Append(i == 0 ? "" : " ").Append("The ").AppendJoin(' ', Enumerable.Range(0, 11).Select(_ => words[random.Next(words.Length)])).Append(seed).Append('.');
        }

        return text.ToString();
    }

    public DateTimeOffset Later() => At += TimeSpan.FromSeconds(40);

    public Chat Says(string role, params string[] blocks)
    {
        Messages.Add((role, blocks));
        return this;
    }

    public byte[] Body(string model = "claude-sonnet-5") => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["model"] = model,
        ["max_tokens"] = 1024,
        ["system"] = new JsonArray([.. System.Select(Block)]),
        ["messages"] = new JsonArray([.. Messages.Select(message => (JsonNode)new JsonObject
        {
            ["role"] = message.Role,
            ["content"] = new JsonArray([.. message.Blocks.Select(Block)]),
        })]),
    });

    /// <summary>The request as it is sent.</summary>
    public JsonNode Through(IRewriting rewriting, CacheLevel level, bool takesSystem = false) => JsonNode.Parse(BytesThrough(rewriting, level, takesSystem))!;

    public byte[] BytesThrough(IRewriting rewriting, CacheLevel level, bool takesSystem = false)
    {
        var body = Body();
        Later();
        return rewriting.Rewrite(body, new PlanContext("a", level, Prices, 1024, At, takesSystem))?.Body.ToArray() ?? body;
    }

    /// <summary>A first request, passed through, of a long enough chat.</summary>
    public static Chat Begun(params string[] system)
    {
        var chat = new Chat();
        chat.System.AddRange(system);
        return chat.Says("assistant", Words(1, 6)).Says("user", Words(2, 4));
    }

    public Chat Turn(int seed) => Says("assistant", Words(100 + seed, 9)).Says("user", Words(200 + seed, 3));

    public static string[] Texts(JsonNode? holder) => holder is JsonArray blocks ? [.. blocks.Select(block => block!["text"]!.GetValue<string>())] : [holder!.GetValue<string>()];

    public static string AllText(JsonNode request) =>
        string.Join('\n', Texts(request["system"]).Concat(request["messages"]!.AsArray().SelectMany(message => Texts(message!["content"]))));

    public static IEnumerable<string> Sentences(JsonNode request) =>
        Regex.Split(AllText(request), @"(?<=[.!?])\s+|\n+", RegexOptions.None, TimeSpan.FromSeconds(5)).Select(sentence => sentence.Trim()).Where(sentence => sentence.Length > 0);

    private static JsonNode Block(string text) => new JsonObject { ["type"] = "text", ["text"] = text };
}
