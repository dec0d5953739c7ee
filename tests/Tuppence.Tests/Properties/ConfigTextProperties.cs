using System.Text;
using System.Text.Json;
using CsCheck;
using Tuppence.Configuration;
using Tuppence.Configuration.Layers;
using Tuppence.Configuration.Writing;

namespace Tuppence.Tests.Properties;

/// <summary>A change of an option leaves every other byte of the file as it was, and reads back as what was meant.</summary>
public sealed class ConfigTextProperties
{
    private static readonly string[] Keys = ["log_level", "cache.level", "cache.remember", "retry.max_retries", "upstreams.work.url", "upstreams.work.sign_in.issuer", "model_aliases"];

    private static readonly string[] Values = ["\"text\"", "7", "true", "[\"a\",\"b\"]", "{\"a\":\"b\"}", "\"ü // no comment\"", "\"/* nor this */\"", "\"a \\\"quote\\\"\""];

    // White space and comments as people write them; line comments end their line.
    private static readonly Gen<string> Trivia = Gen.OneOfConst("", " ", "  ", "\n", "\n  ", "\r\n\t", " // a remark: \"log_level\": 1, }\n", "\n// {\n  ", " /* a, b: \"c\" */ ", "/**/", "\n\n    /* two\nlines */\n");

    private static readonly Gen<string> Leaf = Gen.OneOfConst(Values);

    private static readonly Gen<string> Text =
        from root in Members(["log_level", "model_aliases", "fallback"], Group("cache", ["level", "remember", "record"]), Group("retry", ["max_retries"]), Upstreams)
        from before in Trivia
        from after in Trivia
        select before + root + after;

    private static Gen<string> Upstreams =>
        from named in Gen.Bool
        from work in Members(["url", "region"], Group("sign_in", ["issuer", "client_id"]))
        from a in Trivia
        from b in Trivia
        select named ? $"\"upstreams\"{a}:{b}{{\"work\":{work}}}" : "";

    [Fact]
    public void Setting_an_option_changes_that_alone() => Gen.Select(Text, Gen.OneOfConst(Keys), Leaf).Sample(
        (text, key, value) =>
        {
            var before = Read(text);
            var old = before.GetValueOrDefault(key);
            var after = Changed(text, key, value);

            before[key] = Compact(value);
            Assert.Equal(Sorted(before), Sorted(Read(after)));
            AssertKept(text, after, old);
        },
        iter: 20_000);

    [Fact]
    public void Taking_an_option_out_changes_that_alone() => Gen.Select(Text, Gen.OneOfConst(Keys)).Sample(
        (text, key) =>
        {
            var before = Read(text);
            var after = Changed(text, key, null);

            before.Remove(key);
            Assert.Equal(Sorted(before), Sorted(Read(after)));
            Assert.Equal(Comments(text), Comments(after));
        },
        iter: 20_000);

    [Fact]
    public void A_value_that_is_there_is_replaced_in_its_place() => Gen.Select(Text, Leaf).Sample(
        (text, value) =>
        {
            foreach (var key in Read(text).Keys.Where(static key => Keys.Contains(key, StringComparer.Ordinal)))
            {
                var once = Changed(text, key, value);
                Assert.Equal(once, Changed(once, key, value));
                Assert.Equal(Comments(text), Comments(once));
            }
        },
        iter: 5_000);

    [Fact]
    public void Lines_of_key_and_value_keep_their_comments()
    {
        const string File = "# mine\nlog_level = warn   # quiet\ncache.level=\"markers\" # fine\n\nport=1";

        Assert.Equal("# mine\nlog_level = error   # quiet\ncache.level=\"markers\" # fine\n\nport=1", Changed(File, "log_level", "\"error\""));
        Assert.Equal("# mine\nlog_level = warn   # quiet\ncache.level=off # fine\n\nport=1", Changed(File, "cache.level", "\"off\""));
        Assert.Equal("# mine\nlog_level = warn   # quiet\n# fine\n\nport=1", Changed(File, "cache.level", null));
        Assert.Equal("# mine\nlog_level = warn   # quiet\ncache.level=\"markers\" # fine\n\n", Changed(File, "port", null));
        Assert.Equal(File + "\nfallback=[\"a\",\"b\"]\n", Changed(File, "fallback", """["a","b"]"""));
        Assert.Equal(File + "\npreamble=\"a #b\"\n", Changed(File, "preamble", "\"a #b\""));
        Assert.Null(ConfigText.Change(Encoding.UTF8.GetBytes(File), "preamble", Parse("\"two\\nlines\""), out var refusal));
        Assert.NotNull(refusal);
    }

    [Theory]
    [InlineData("", "{\n  \"cache\": {\n    \"level\": \"off\"\n  }\n}\n")]
    [InlineData("{}", "{\n  \"cache\": {\n    \"level\": \"off\"\n  }\n}")]
    [InlineData("{\n\t\"port\": 1\n}", "{\n\t\"port\": 1,\n\t\"cache\": {\n\t  \"level\": \"off\"\n\t}\n}")]
    [InlineData("{\"port\": 1}", "{\"port\": 1, \"cache\": { \"level\": \"off\" }}")]
    [InlineData("{\n  \"port\": 1, // one\n}", "{\n  \"port\": 1, // one\n  \"cache\": {\n    \"level\": \"off\"\n  },\n}")]
    [InlineData("{\n  \"cache\": null\n}", "{\n  \"cache\": {\n    \"level\": \"off\"\n  }\n}")]
    [InlineData("{\n  \"cache.level\": \"markers\"\n}", "{\n  \"cache.level\": \"off\"\n}")]
    [InlineData("\uFEFF{\r\n  \"port\": 1\r\n}\r\n", "\uFEFF{\r\n  \"port\": 1,\r\n  \"cache\": {\r\n    \"level\": \"off\"\r\n  }\r\n}\r\n")]
    public void A_new_option_is_written_as_the_file_is(string text, string expected) => Assert.Equal(expected, Changed(text, "cache.level", "\"off\""));

    private static Gen<string> Members(string[] leaves, params Gen<string>[] groups) =>
        from kept in Gen.Bool.Array[leaves.Length]
        from values in Leaf.Array[leaves.Length]
        from trivia in Trivia.Array[(leaves.Length + groups.Length) * 3]
        from inner in groups.Length == 0 ? Gen.Const(Array.Empty<string>()) : groups.Length == 1 ? groups[0].Select(static one => new[] { one }) : Gen.Select(groups[0], groups[1], groups[2], static (a, b, c) => new[] { a, b, c })
        from trailing in Gen.Bool
        from last in Trivia
        select Joined([.. leaves.Select((name, i) => kept[i] ? $"\"{name}\"{trivia[i * 3]}:{trivia[(i * 3) + 1]}{values[i]}" : ""), .. inner], trivia, trailing, last);

    private static Gen<string> Group(string name, string[] leaves) =>
        from kept in Gen.Bool
        from members in Members(leaves)
        from a in Trivia
        select kept ? $"\"{name}\":{a}{members}" : "";

    private static string Joined(string[] members, string[] trivia, bool trailing, string last)
    {
        var text = new StringBuilder("{");
        var left = members.Count(static member => member.Length > 0);
        for (var i = 0; i < members.Length; i++)
        {
            if (members[i].Length > 0)
            {
                left--;
                text.Append(trivia[(i * 3) + 2]).Append(members[i]).Append(trivia[i % trivia.Length]).Append(left > 0 || trailing ? "," : "");
            }
        }

        return text.Append(last).Append('}').ToString();
    }

    private static string Changed(string text, string key, string? value)
    {
        var changed = ConfigText.Change(Encoding.UTF8.GetBytes(text), key, value is null ? null : Parse(value), out var refusal);
        Assert.True(changed is not null, refusal);
        return Encoding.UTF8.GetString(changed);
    }

    private static JsonElement Parse(string value)
    {
        using var document = JsonDocument.Parse(value);
        return document.RootElement.Clone();
    }

    private static string Compact(string value) => Parse(value).GetRawText();

    /// <summary>Every option of a file by its key path.</summary>
    private static Dictionary<string, string> Read(string text)
    {
        var errors = new List<ConfigError>();
        var root = new JsonConfigReader(Encoding.UTF8.GetBytes(text), new ConfigOrigin(OriginKind.File, "f")).Read(errors);
        Assert.True(root is not null, text + string.Join('\n', errors));
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        Walk(document.RootElement, "", found);
        return found;
    }

    private static void Walk(JsonElement element, string prefix, Dictionary<string, string> found)
    {
        foreach (var member in element.EnumerateObject())
        {
            var key = prefix + member.Name;
            if (member.Value.ValueKind == JsonValueKind.Object && key is "cache" or "retry" or "upstreams" or "upstreams.work" or "upstreams.work.sign_in")
            {
                Walk(member.Value, key + ".", found);
            }
            else
            {
                found[key] = Compact(member.Value.GetRawText());
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Sorted(Dictionary<string, string> map) => map.OrderBy(static pair => pair.Key, StringComparer.Ordinal);

    /// <summary>Where the option was not there, text was only added; where it was, nothing but its value differs.</summary>
    private static void AssertKept(string before, string after, string? old)
    {
        Assert.Equal(Comments(before), Comments(after));
        if (old is null)
        {
            var at = 0;
            foreach (var c in after)
            {
                at += at < before.Length && before[at] == c ? 1 : 0;
            }

            Assert.Equal(before.Length, at);
            return;
        }

        var head = before.AsSpan().CommonPrefixLength(after);
        var most = Math.Min(before.Length, after.Length) - head;
        var tail = 0;
        while (tail < most && before[^(tail + 1)] == after[^(tail + 1)])
        {
            tail++;
        }

        Assert.Contains(before[head..^tail], old, StringComparison.Ordinal);
    }

    private static List<string> Comments(string text)
    {
        var found = new List<string>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Allow }));
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.Comment)
                {
                    found.Add(reader.GetComment());
                }
            }
        }
        catch (JsonException)
        {
            // A piece of a text ends somewhere.
        }

        return found;
    }
}
