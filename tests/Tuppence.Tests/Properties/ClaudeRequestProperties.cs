using System.Text;
using System.Text.Json;
using CsCheck;
using Tuppence.Tests.Unit.Upstreams.ClaudeCode;

namespace Tuppence.Tests.Properties;

/// <summary>Whatever a conversation looks like, the program is told its texts and blocks exactly, each in its turn and in the client's order.</summary>
public sealed class ClaudeRequestProperties
{
    private static readonly string[] Pieces =
        ["a", "Wort ", "\\n", "\\\"", "\\\\", "\\u00e9", "é", "日本", "\\ud83d\\ude00", "😀", "{", "}", "[,]:", "\\/", "/help ", "@file ", "\\t", "\u2028", "\u2029", "\u0085", "â", "\\u0000", "<system-reminder>", " "];

    private static readonly string[] Spaces = ["", "", "", " ", "\n", "\t ", "\r\n  "];

    [Fact]
    public void Texts_and_order_arrive() => Gen.Int.Sample(static seed => Check(new Random(seed)));

    [Fact]
    public void The_five_members_arrive() => Gen.Int.Sample(static seed =>
    {
        var random = new Random(seed);
        var (stop, choice) = (Quoted(random), Quoted(random));
        var body = $$"""{"model":"m","max_tokens":1,"stop_sequences":[{{Space(random)}}{{stop}}],"tool_choice":{"name":{{choice}}{{Space(random)}}},"messages":[{"role":"user","content":"x"}]}""";
        var environment = JsonDocument.Parse(RequestLinesTests.Lines(body)[0]).RootElement.GetProperty("request").GetProperty("settings").GetProperty("env");
        var extra = JsonDocument.Parse(environment.GetProperty("CLAUDE_CODE_EXTRA_BODY").GetString()!).RootElement;
        return extra.GetProperty("stop_sequences")[0].GetString() == Text(stop) && extra.GetProperty("tool_choice").GetProperty("name").GetString() == Text(choice);
    });

    private static bool Check(Random random)
    {
        var expected = new List<string>();
        var messages = new StringBuilder();
        var count = random.Next(1, 12);
        for (var i = 0; i < count; i++)
        {
            var role = i == count - 1 ? "user" : random.Next(5) switch { 0 => "system", 1 or 2 => "assistant", _ => "user" };
            messages.Append(i == 0 ? "" : ",").Append(Space(random)).Append("{\"content\":").Append(Content(random, role == "assistant" ? "assistant" : "user", expected)).Append(Space(random)).Append(",\"role\":\"").Append(role).Append("\"}");
        }

        var system = Quoted(random);
        var body = $$"""{{{Space(random)}}"messages":[{{messages}}],"model":"claude-sonnet-4-5","max_tokens":10,"system":[{"type":"text","text":{{system}}}]}""";
        var lines = RequestLinesTests.Lines(body).Select(static line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Text(system), lines[2].GetProperty("request").GetProperty("systemPrompt")[0].GetString());
        Assert.Equal(string.Join('\n', expected), string.Join('\n', lines.Skip(3).SelectMany(Told)));

        // Two turns of the user never follow one another, and only the last asks.
        var turns = lines.Skip(3).Select(static line => line.GetProperty("type").GetString()).ToList();
        Assert.DoesNotContain(("user", "user"), turns.Zip(turns.Skip(1)));
        Assert.Equal(lines.Count - 1, lines.FindIndex(static line => line.GetProperty("type").GetString() == "user" && !line.TryGetProperty("shouldQuery", out _)));
        return true;
    }

    private static string Content(Random random, string role, List<string> expected)
    {
        if (random.Next(2) == 0)
        {
            var text = Quoted(random);
            expected.Add($"{role}:{{\"text\":{JsonSerializer.Serialize(Text(text))}}}");
            return text;
        }

        var blocks = new StringBuilder();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var text = Quoted(random);
            expected.Add($"{role}:{{\"text\":{JsonSerializer.Serialize(Text(text))}}}");
            blocks.Append(blocks.Length == 0 ? "" : ",").Append($"{{{Space(random)}\"type\":\"text\",{Space(random)}\"text\":{text}}}");
        }

        return $"[{blocks}{Space(random)}]";
    }

    private static IEnumerable<string> Told(JsonElement line)
    {
        var message = line.GetProperty("message");
        var role = message.GetProperty("role").GetString();
        var content = message.GetProperty("content");
        var texts = content.ValueKind == JsonValueKind.String ? [content] : content.EnumerateArray().Select(static block => block.GetProperty("text"));
        return texts.Select(text => $"{role}:{{\"text\":{JsonSerializer.Serialize(text.GetString())}}}");
    }

    private static string Quoted(Random random)
    {
        var text = new StringBuilder("\"x");
        for (var i = random.Next(6); i > 0; i--)
        {
            text.Append(Pieces[random.Next(Pieces.Length)]);
        }

        return text.Append('"').ToString();
    }

    private static string Text(string quoted) => JsonDocument.Parse(quoted).RootElement.GetString()!;

    private static string Space(Random random) => Spaces[random.Next(Spaces.Length)];
}
