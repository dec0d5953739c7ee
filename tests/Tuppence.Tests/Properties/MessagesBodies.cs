using System.Text;

namespace Tuppence.Tests.Properties;

/// <summary>Writes valid Messages bodies as oddly as JSON allows: white space, escaped names, duplicates, big numbers, long strings.</summary>
internal sealed class MessagesBodies(int seed)
{
    private static readonly string[] Spaces = ["", "", "", " ", "\n", "\t ", "\r\n  "];
    private static readonly string[] Pieces = ["a", "Wort ", "\\n", "\\\"", "\\\\", "\\u00e9", "é", "日本", "\\ud83d\\ude00", "{", "}", "[,]:", "\\/", "ttl", "\\ud800", "/", "\\t"];
    private static readonly string[] Numbers = ["0", "1", "1.0", "-0.0", "0.5", "9223372036854775808", "123456789012345678901234567890", "1e0", "10E-1", "0.95", "2"];

    private readonly Random random = new(seed);
    private readonly StringBuilder text = new();

    public static byte[] Write(int seed)
    {
        var bodies = new MessagesBodies(seed);
        bodies.Body();
        return Encoding.UTF8.GetBytes(bodies.text.ToString());
    }

    private void Body()
    {
        text.Append(random.Next(8) == 0 ? "\uFEFF" : "");
        Space();
        var members = new List<Action>();
        Maybe(members, 6, () => Member("model", () => text.Append(Pick("\"m-none\"", "\"m-xor\"", "\"m-\\u0061ll\"", "\"alias\"", "\"unknown\"", "null"))));
        Maybe(members, 6, () => Member("system", System));
        Maybe(members, 8, () => Member("messages", Messages));
        foreach (var name in (string[])["temperature", "top_p", "top_k"])
        {
            Maybe(members, 5, () => Member(name, () => text.Append(random.Next(6) == 0 ? "null" : Pick(Numbers))));
        }

        Maybe(members, 3, () => Member("thinking", () => text.Append(Pick("{\"type\":\"enabled\",\"budget_tokens\":1024}", "{ \"type\" : \"disabled\" }", "{\"type\":\"adaptive\"}"))));
        Maybe(members, 3, () => Member("max_tokens", () => text.Append(random.Next(1, 5000))));
        Maybe(members, 3, () => Member("stop_sequences", () => text.Append("[]")));
        Maybe(members, 3, () => Member("cache_control", CacheControl));
        Maybe(members, 3, () => Member("tools", () => Array(() => Object(
            () => Member("name", Text), () => Member("input_schema", () => Value(3)), () => Member("cache_control", CacheControl)))));
        Maybe(members, 4, () => Member("x_unknown", () => Value(4)));
        Shuffled(members);
        Space();
    }

    private void System()
    {
        switch (random.Next(5))
        {
            case 0: Text(); break;
            case 1: text.Append("null"); break;
            case 2: text.Append(Pick("\"\"", "\" \\n\"", "[]", "[ ]")); break;
            default:
                Array(() => Object(
                    () => Member("type", () => text.Append("\"text\"")),
                    () => Member("text", () => text.Append(random.Next(5) == 0 ? "\"x-anthropic-billing-header: cc=1\"" : "\"plain\"")),
                    () => Member("cache_control", CacheControl)), atLeast: 1);
                break;
        }
    }

    private void Messages() => Array(() => Object(
        () => Member("role", () => text.Append(Pick("\"user\"", "\"assistant\"", "\"\\u0075ser\""))),
        () => Member("content", Content)));

    private void Content()
    {
        if (random.Next(3) == 0)
        {
            Text();
            return;
        }

        Array(() => Object(
            () => Member("type", () => text.Append(Pick("\"text\"", "\"tool_result\"", "\"tool_use\""))),
            () => Member("text", Text),
            () => Member("input", () => Value(3)),
            () => Member("content", () => Array(() => Object(() => Member("type", Text), () => Member("cache_control", CacheControl)))),
            () => Member("cache_control", CacheControl)));
    }

    private void CacheControl() => Object(
        () => Member("type", () => text.Append("\"ephemeral\"")),
        () => Member("ttl", () => text.Append("\"1h\"")),
        () => Member("ttl", () => text.Append("\"5m\"")),
        () => Member("scope", Text));

    private void Value(int depth)
    {
        switch (random.Next(depth > 0 ? 6 : 3))
        {
            case 0: Text(); break;
            case 1: text.Append(Pick(Numbers)); break;
            case 2: text.Append(Pick("true", "false", "null")); break;
            case 3: Array(() => Value(depth - 1)); break;
            default: Object(() => Member("a", () => Value(depth - 1)), () => Member("cache_control", CacheControl), () => Member("messages", () => Value(depth - 1))); break;
        }
    }

    private void Text()
    {
        text.Append('"');
        var pieces = random.Next(4) == 0 ? random.Next(200) : random.Next(6);
        for (var i = 0; i < pieces; i++)
        {
            text.Append(Pick(Pieces));
        }

        text.Append('"');
    }

    private void Member(string name, Action value)
    {
        text.Append('"');
        var escaped = random.Next(10) == 0 ? random.Next(name.Length) : -1;
        for (var i = 0; i < name.Length; i++)
        {
            text.Append(i == escaped ? $"\\u{(int)name[i]:x4}" : name[i].ToString());
        }

        text.Append('"');
        Space();
        text.Append(':');
        Space();
        value();
    }

    private void Object(params Action[] members)
    {
        var present = new List<Action>();
        foreach (var member in members)
        {
            Maybe(present, 8, member);
        }

        Shuffled(present);
    }

    private void Shuffled(List<Action> members)
    {
        var order = members.ToArray();
        random.Shuffle(order);
        Listed('{', '}', order);
    }

    private void Array(Action element, int atLeast = 0) => Listed('[', ']', Enumerable.Repeat(element, atLeast + random.Next(4)).ToArray());

    private void Listed(char open, char close, Action[] items)
    {
        text.Append(open);
        Space();
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
            {
                text.Append(',');
                Space();
            }

            items[i]();
            Space();
        }

        text.Append(close);
    }

    private void Maybe(List<Action> members, int inTen, Action member)
    {
        if (random.Next(10) < inTen)
        {
            members.Add(member);
            if (random.Next(12) == 0)
            {
                members.Add(member);
            }
        }
    }

    private void Space() => text.Append(Pick(Spaces));

    private string Pick(params string[] from) => from[random.Next(from.Length)];
}
