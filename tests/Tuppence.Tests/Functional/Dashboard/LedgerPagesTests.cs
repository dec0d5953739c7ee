using System.Text;
using System.Text.Json;
using Tuppence.Configuration;
using Tuppence.Dashboard.Requests;
using Tuppence.Tests.Scenes;
using Tuppence.Thrift;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional.Dashboard;

/// <summary>What the pages on spending, requests and conversations are told, over real sockets.</summary>
public sealed class LedgerPagesTests
{
    private const string Secret = "sk-ant-api03-never-shown";

    private static readonly string Long = string.Concat(Enumerable.Repeat("The tide leaves its lines on the stones of the harbour wall. ", 400));

    [Fact]
    public async Task The_overview_tells_what_was_spent_and_what_to_paste()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.PostAsync(Request(1));

        var overview = await AfterAsync(gateway, 1, static () => "overview?range=day");

        Assert.Equal(1, overview.GetProperty("today").GetProperty("requests").GetInt64());
        Assert.Equal("hour", overview.GetProperty("chart").GetProperty("by").GetString());
        Assert.Equal("http://localhost/v1", overview.GetProperty("connect").GetProperty("url").GetString());
        Assert.Equal("http://localhost/v1/assistant", overview.GetProperty("connect").GetProperty("presets")[0].GetProperty("url").GetString());
        var emulator = overview.GetProperty("upstreams").EnumerateArray().Single();
        Assert.Equal(("emulator", "connected"), (emulator.GetProperty("name").GetString(), emulator.GetProperty("state").GetString()));
        Assert.Equal("day", (await gateway.GetJsonAsync("overview?range=month")).GetProperty("chart").GetProperty("by").GetString());
        Assert.Equal(400, (await gateway.AskAsync("overview?range=year")).Status);
    }

    [Fact]
    public async Task Requests_are_listed_in_pages_and_searched()
    {
        await using var gateway = await TestGateway.StartAsync(presets: ("story", """{"system":"Tell."}"""));
        await gateway.PostAsync(Request(1));
        await gateway.PostAsync(Request(1), "/v1/story/messages");
        await gateway.PostAsync("{");

        var all = await AfterAsync(gateway, 3, static () => "requests");
        Assert.Equal(3, all.GetProperty("rows").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, all.GetProperty("next").ValueKind);
        var first = await gateway.GetJsonAsync("requests?limit=2");
        var second = await gateway.GetJsonAsync($"requests?limit=2&before={first.GetProperty("next").GetString()}");
        Assert.Equal((2, 1), (first.GetProperty("rows").GetArrayLength(), second.GetProperty("rows").GetArrayLength()));
        Assert.Equal("story", (await gateway.GetJsonAsync("requests?preset=story")).GetProperty("rows")[0].GetProperty("preset").GetString());
        Assert.Equal(1, (await gateway.GetJsonAsync("requests?failed=true")).GetProperty("rows").GetArrayLength());
        Assert.Equal(0, (await gateway.GetJsonAsync("requests?q=nowhere")).GetProperty("rows").GetArrayLength());
        Assert.Equal(0, (await gateway.GetJsonAsync("requests?until=2020-01-01")).GetProperty("rows").GetArrayLength());
    }

    [Theory]
    [InlineData("requests?limit=0")]
    [InlineData("requests?limit=many")]
    [InlineData("requests?limit=100000")]
    [InlineData("requests?failed=perhaps")]
    [InlineData("requests?from=yesterday")]
    [InlineData("requests?until=12")]
    [InlineData("conversations?limit=-1")]
    [InlineData("export")]
    [InlineData("export?format=xml")]
    [InlineData("export?format=csv&from=soon")]
    public async Task A_query_that_says_nothing_is_refused(string path)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.AskAsync(path);

        Assert.Equal(400, answer.Status);
        Assert.Equal("invalid_request_error", DashboardClient.Root(answer).GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_request_is_shown_with_its_edits_and_without_its_secrets()
    {
        await using var upstream = ScriptedUpstream.Answering("""{"id":"msg_1","usage":{"input_tokens":5,"output_tokens":7}}""", headers: "Content-Type: application/json\r\nSet-Cookie: a=upstream-secret\r\n");
        await using var gateway = await TestGateway.StartAsync(upstream, presets: ("story", """{"system":"Tell a story."}"""));

        var answer = await gateway.PostAsync(Request(1), "/v1/story/messages?trace=hidden", $"x-api-key: {Secret}\r\nCookie: session=private\r\nx-plain: shown\r\n");
        var detail = await AfterAsync(gateway, 1, () => $"requests/{answer["x-tuppence-request-id"]}");

        Assert.Equal("story", detail.GetProperty("row").GetProperty("preset").GetString());
        Assert.Equal("POST /v1/story/messages?trace=*** HTTP/1.1", detail.GetProperty("request").GetProperty("line").GetString());
        Assert.Contains(detail.GetProperty("request").GetProperty("headers").EnumerateArray(), static line => line[0].GetString() == "x-api-key" && line[1].GetString() == "***");
        Assert.Contains(detail.GetProperty("request").GetProperty("headers").EnumerateArray(), static line => line[0].GetString() == "x-plain" && line[1].GetString() == "shown");
        Assert.Equal("HTTP/1.1 200", detail.GetProperty("response").GetProperty("line").GetString());
        var edit = detail.GetProperty("edits").EnumerateArray().Single();
        Assert.StartsWith("preset:story", edit.GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Contains(edit.GetProperty("diff").EnumerateArray(), static line => line.GetProperty("kind").GetString() == "added" && line.GetProperty("text").GetString()!.Contains("Tell a story.", StringComparison.Ordinal));
        Assert.Equal(JsonValueKind.Null, detail.GetProperty("bodies").ValueKind);
        foreach (var secret in new[] { Secret, "private", "hidden", "upstream-secret" })
        {
            Assert.DoesNotContain(secret, detail.GetRawText(), StringComparison.Ordinal);
        }

        LeakScan.Check(detail.GetRawText(), gateway.Host.State.Current.Config);
    }

    [Fact]
    public async Task Bodies_are_shown_only_where_content_is_kept()
    {
        await using var gateway = await TestGateway.StartAsync(config => config with { Ledger = config.Ledger with { Content = true } }, presets: ("story", """{"system":"Tell a story."}"""));

        var answer = await gateway.PostAsync(Request(1), "/v1/story/messages");
        var bodies = (await AfterAsync(gateway, 1, () => $"requests/{answer["x-tuppence-request-id"]}")).GetProperty("bodies");

        Assert.DoesNotContain("Tell a story.", bodies.GetProperty("before").GetString(), StringComparison.Ordinal);
        Assert.Contains("Tell a story.", bodies.GetProperty("after").GetString(), StringComparison.Ordinal);
        Assert.Contains("\"type\":\"message\"", bodies.GetProperty("answer").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_answer_is_kept_with_the_request_only_where_content_is(bool content)
    {
        await using var upstream = ScriptedUpstream.Start(static async call =>
        {
            await call.BeginStreamAsync();
            await call.SendChunkAsync(Sse.Delta("bits and "));
            await call.SendChunkAsync(Sse.Delta("pièces"));
            await call.EndChunksAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with { Ledger = config.Ledger with { Content = content } });

        var answer = await gateway.PostAsync(Sse.Body);
        var detail = await AfterAsync(gateway, 1, () => $"requests/{answer["x-tuppence-request-id"]}");

        var bodies = detail.GetProperty("bodies");
        Assert.Equal(0, detail.GetProperty("edits").GetArrayLength());
        Assert.Equal(content, bodies.ValueKind == JsonValueKind.Object);
        Assert.Equal(content, detail.GetRawText().Contains("bits and ", StringComparison.Ordinal));
        if (content)
        {
            Assert.Equal(Sse.Delta("bits and ") + Sse.Delta("pièces"), bodies.GetProperty("answer").GetString());
            Assert.Equal(bodies.GetProperty("before").GetString(), bodies.GetProperty("after").GetString());
        }
    }

    [Fact]
    public async Task Of_a_long_answer_the_beginning_is_kept_and_that_is_said()
    {
        var words = new string('w', RequestBodies.Longest);
        await using var upstream = ScriptedUpstream.Answering($$"""{"content":[{"type":"text","text":"{{words}}"}]}""");
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with { Ledger = config.Ledger with { Content = true } });

        var answer = await gateway.PostAsync(Request(1));
        var kept = (await AfterAsync(gateway, 1, () => $"requests/{answer["x-tuppence-request-id"]}")).GetProperty("bodies").GetProperty("answer").GetString()!;

        Assert.EndsWith("w\n… (longer than is kept)", kept, StringComparison.Ordinal);
        Assert.InRange(kept.Length, RequestBodies.Longest, RequestBodies.Longest + 40);
    }

    [Fact]
    public async Task A_disk_that_takes_no_rows_does_not_hold_up_the_pages()
    {
        await using var gateway = await TestGateway.StartAsync(static config => config with { Ledger = config.Ledger with { IsOn = true } });
        await gateway.PostAsync(Request(1));
        await AfterAsync(gateway, 1, static () => "requests");
        using var lockedByAnother = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(gateway.Directory, "state", "ledger.db")};Pooling=False");
        lockedByAnother.Open();
        LedgerFolder.Run(lockedByAnother, "BEGIN IMMEDIATE");
        await gateway.PostAsync(Request(2));

        Assert.Equal(404, (await gateway.AskAsync("requests/gone")).Status);

        // Each look waits for the row for a second; the first may come before the writer has found out.
        var notice = "";
        for (var look = 0; look < 30 && !notice.Contains("holds the ledger", StringComparison.Ordinal); look++)
        {
            notice = (await gateway.GetJsonAsync("overview")).GetProperty("notice").GetString()!;
        }

        Assert.Contains("holds the ledger", notice, StringComparison.Ordinal);
        Assert.Equal(200, (await gateway.AskAsync("export?format=csv")).Status);
        LedgerFolder.Run(lockedByAnother, "COMMIT");
    }

    [Fact]
    public async Task A_conversation_is_told_turn_by_turn_and_its_level_can_be_switched()
    {
        await using var gateway = await TestGateway.StartAsync(config => config with { Cache = config.Cache with { Level = CacheLevel.Markers } });
        for (var turn = 1; turn <= 3; turn++)
        {
            await gateway.PostAsync(Request(turn));
            await AfterAsync(gateway, turn, static () => "requests");
        }

        var list = await AfterAsync(gateway, 3, static () => "conversations");
        var id = list.GetProperty("conversations")[0].GetProperty("id").GetString();
        var detail = await gateway.GetJsonAsync($"conversations/{id}");
        Assert.Equal([1, 2, 3], detail.GetProperty("turns").EnumerateArray().Select(static row => row.GetProperty("turn").GetProperty("number").GetInt32()));
        Assert.All(detail.GetProperty("turns").EnumerateArray(), static row => Assert.NotEqual(0, row.GetProperty("turn").GetProperty("strip").GetArrayLength()));
        Assert.Equal(JsonValueKind.Null, detail.GetProperty("level").ValueKind);
        Assert.Equal(0, Level(detail, "markers").GetProperty("savingPer100").GetInt64());

        var chosen = await gateway.TellJsonAsync("PUT", $"conversations/{id}/level", """{"level":"relocate"}""");
        Assert.Equal("relocate", chosen.GetProperty("level").GetString());
        await gateway.PostAsync(Request(4));
        await AfterAsync(gateway, 4, static () => "requests");
        await gateway.PostAsync(Request(1, "Something else entirely. "));

        await gateway.TellJsonAsync("PUT", $"conversations/{id}/level", """{"level":null}""");
        await gateway.PostAsync(Request(5));

        await AfterAsync(gateway, 6, static () => "requests");
        var after = await gateway.GetJsonAsync($"conversations/{id}");
        Assert.Equal(["markers", "markers", "markers", "relocate", "markers"], after.GetProperty("turns").EnumerateArray().Select(static row => row.GetProperty("turn").GetProperty("level").GetString()!), StringComparer.Ordinal);
        var others = (await gateway.GetJsonAsync("requests")).GetProperty("rows").EnumerateArray().Where(row => row.GetProperty("conversation").GetString() != id);
        Assert.Equal("markers", others.Single().GetProperty("turn").GetProperty("level").GetString());
    }

    [Theory]
    [InlineData("{}", 400)]
    [InlineData("""{"level":"everything"}""", 400)]
    [InlineData("""{"level":"off"}""", 400)]
    [InlineData("""{"level":7}""", 400)]
    [InlineData("""{"level":"markers"}""", 404)]
    public async Task A_level_that_there_is_not_is_refused(string body, int status)
    {
        await using var gateway = await TestGateway.StartAsync();

        Assert.Equal(status, (await gateway.TellAsync("PUT", "conversations/none/level", body)).Status);
    }

    [Theory]
    [InlineData("csv", "text/csv; charset=utf-8")]
    [InlineData("jsonl", "application/jsonl; charset=utf-8")]
    [InlineData("parquet", "application/vnd.apache.parquet")]
    public async Task The_ledger_can_be_downloaded(string format, string type)
    {
        await using var gateway = await TestGateway.StartAsync();
        var id = (await gateway.PostAsync(Request(1)))["x-tuppence-request-id"]!;
        await AfterAsync(gateway, 1, static () => "requests");

        var answer = await gateway.AskAsync($"export?format={format}");

        Assert.Equal((200, type), (answer.Status, answer["Content-Type"]));
        Assert.EndsWith($".{format}\"", answer["Content-Disposition"], StringComparison.Ordinal);
        // Parquet's pages are compressed.
        Assert.Contains(format == "parquet" ? "PAR1" : id, Encoding.Latin1.GetString(answer.Body), StringComparison.Ordinal);
        Assert.True(answer.IsComplete);
    }

    [Fact]
    public async Task A_test_call_names_its_cost_and_uses_the_configured_credential_alone()
    {
        await using var upstream = ScriptedUpstream.Answering("""{"id":"msg_1","model":"claude-haiku-4-5","usage":{"input_tokens":5,"output_tokens":7}}""");
        await using var gateway = await TestGateway.StartAsync(null, config => config with
        {
            Upstream = "work",
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["work"] = new() { Url = upstream.Url, ApiKey = new Secret("configured-key-value") } },
        });

        var offer = await gateway.GetJsonAsync("upstreams/work/test?model=claude-haiku-4-5");
        Assert.InRange(offer.GetProperty("most").GetInt64(), 1, 1_000_000);
        Assert.Empty(upstream.Calls);

        var result = await gateway.TellJsonAsync("POST", "upstreams/work/test", """{"model":"claude-haiku-4-5"}""", DashboardClient.Own + "x-api-key: the-pages-own\r\n");

        Assert.True(result.GetProperty("ok").GetBoolean(), result.GetRawText());
        Assert.Equal("test", result.GetProperty("row").GetProperty("kind").GetString());
        var call = Assert.Single(upstream.Calls);
        Assert.Equal("configured-key-value", call["x-api-key"]);
        Assert.StartsWith("tuppence/", call["User-Agent"], StringComparison.Ordinal);
        Assert.Null(call["Cookie"]);
        Assert.Equal("test", (await AfterAsync(gateway, 1, static () => "requests")).GetProperty("rows")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_test_call_that_fails_says_why()
    {
        await using var upstream = ScriptedUpstream.Answering("""{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}""", status: 401);
        await using var gateway = await TestGateway.StartAsync(null, config => config with
        {
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["work"] = new() { Url = upstream.Url, ApiKey = new Secret("configured-key-value") }, ["open"] = new() { Url = upstream.Url } },
        });

        var result = await gateway.TellJsonAsync("POST", "upstreams/work/test");
        Assert.False(result.GetProperty("ok").GetBoolean());
        Assert.Contains("invalid x-api-key", result.GetProperty("text").GetString(), StringComparison.Ordinal);

        var without = await gateway.TellJsonAsync("POST", "upstreams/open/test");
        Assert.False(without.GetProperty("ok").GetBoolean());
        Assert.Single(upstream.Calls);
        Assert.Equal(404, (await gateway.TellAsync("POST", "upstreams/none/test")).Status);
        Assert.True((await gateway.TellJsonAsync("POST", "upstreams/emulator/test")).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task Models_are_listed_with_prices()
    {
        await using var gateway = await TestGateway.StartAsync();

        var models = (await gateway.GetJsonAsync("models")).GetProperty("models");

        Assert.Contains(models.EnumerateArray(), static model => model.GetProperty("id").GetString()!.StartsWith("claude-haiku-4-5", StringComparison.Ordinal) && model.GetProperty("input").GetInt64() > 0 && model.GetProperty("maxOutput").GetInt64() > 0);
    }

    private static JsonElement Level(JsonElement detail, string name) => detail.GetProperty("levels").EnumerateArray().Single(level => level.GetProperty("name").GetString() == name);

    /// <summary>A page, once the ledger holds so many rows.</summary>
    private static async Task<JsonElement> AfterAsync(TestGateway gateway, int rows, Func<string> path)
    {
        await gateway.UntilIdleAsync();
        while ((await gateway.GetJsonAsync("requests")).GetProperty("rows").GetArrayLength() < rows)
        {
            await gateway.Host.State.Ledger.FlushAsync(TestContext.Current.CancellationToken);
        }

        return await gateway.GetJsonAsync(path());
    }

    private static string Request(int turns, string first = "")
    {
        var messages = new StringBuilder($$"""{"role":"user","content":{{Quoted(first + Long)}}}""");
        for (var turn = 1; turn < turns; turn++)
        {
            messages.Append($$""",{"role":"assistant","content":{{Quoted($"Answer {turn}. " + Long[..2000])}}},{"role":"user","content":{{Quoted($"Question {turn}. " + Long[..2000])}}}""");
        }

        return $$"""{"model":"claude-haiku-4-5","max_tokens":16,"messages":[{{messages}}]}""";
    }

    private static string Quoted(string text) => $"\"{text}\"";
}
