using System.Net;
using System.Text.Json;

namespace Tuppence.Tests.Functional;

/// <summary>The emulator's prompt cache: usage figures, refusals, the clock of a test, and the bill.</summary>
public sealed class EmulatorCacheTests : EmulatorScene
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("A ferry waits for nobody. ", 300));

    [Fact]
    public async Task A_marked_prefix_is_written_once_and_read_afterwards()
    {
        var first = await UsageAsync(Request(Marked("5m")));
        Assert.True(Of(first, "cache_creation_input_tokens") > 1024);
        Assert.Equal(Of(first, "cache_creation_input_tokens"), first.GetProperty("cache_creation").GetProperty("ephemeral_5m_input_tokens").GetInt32());
        Assert.Equal(0, Of(first, "cache_read_input_tokens"));

        var second = await UsageAsync(Request(Marked("5m")));
        Assert.Equal(Of(first, "cache_creation_input_tokens"), Of(second, "cache_read_input_tokens"));
        Assert.Equal(0, Of(second, "cache_creation_input_tokens"));
        Assert.Equal(Of(first, "input_tokens"), Of(second, "input_tokens"));
    }

    [Fact]
    public async Task A_stream_tells_the_same_at_its_beginning_and_its_end()
    {
        using var response = await Emulator.PostAsync("/v1/messages", Request(Marked("1h")).Replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"", StringComparison.Ordinal));
        var events = await EmulatorHost.EventsAsync(response);
        var start = events[0].GetProperty("message").GetProperty("usage");
        var written = start.GetProperty("cache_creation").GetProperty("ephemeral_1h_input_tokens").GetInt32();
        Assert.True(written > 1024);
        Assert.Equal(written, Of(start, "cache_creation_input_tokens"));
        Assert.Equal(written, Of(events[^2].GetProperty("usage"), "cache_creation_input_tokens"));
    }

    [Theory]
    [InlineData("5m", "300.5", true)]
    [InlineData("5m", "301.1", false)]
    [InlineData("1h", "1970-01-01T01:00:01Z", true)]
    [InlineData("1h", "1970-01-01T01:00:02Z", false)]
    public async Task The_clock_of_a_test_decides_what_is_still_alive(string ttl, string later, bool lives)
    {
        await UsageAsync(Request(Marked(ttl)), "x-sim-time: 1");
        Assert.Equal(lives, Of(await UsageAsync(Request(Marked(ttl)), "x-sim-time: " + later), "cache_read_input_tokens") > 0);
    }

    [Fact]
    public async Task Another_key_finds_nothing()
    {
        await UsageAsync(Request(Marked("5m")), "x-api-key: one");
        Assert.Equal(0, Of(await UsageAsync(Request(Marked("5m")), "x-api-key: two"), "cache_read_input_tokens"));
    }

    [Fact]
    public async Task The_figures_add_up_to_what_count_tokens_says()
    {
        var body = $$$"""{"model":"claude-sonnet-5","system":[{{{Marked("5m")}}}],"tools":[{"name":"t","description":"d","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"Grüße \u00e9 \n"},{"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"t","input":{"a":1},"cache_control":{"type":"ephemeral"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"done"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}]}]}""";
        using var counted = await Emulator.PostAsync("/v1/messages/count_tokens", body);
        var total = Of(await EmulatorHost.JsonAsync(counted), "input_tokens");
        var usage = await UsageAsync(body.Replace("\"system\"", "\"max_tokens\":50,\"system\"", StringComparison.Ordinal));
        Assert.Equal(total, Of(usage, "input_tokens") + Of(usage, "cache_creation_input_tokens") + Of(usage, "cache_read_input_tokens"));

        using var unmarked = await Emulator.PostAsync("/v1/messages/count_tokens", body.Replace(",\"cache_control\":{\"type\":\"ephemeral\"}", "", StringComparison.Ordinal));
        Assert.Equal(total, Of(await EmulatorHost.JsonAsync(unmarked), "input_tokens"));
    }

    [Theory]
    [InlineData("""{"type":"ephemeral"}|{"type":"ephemeral"}|{"type":"ephemeral"}|{"type":"ephemeral"}|{"type":"ephemeral"}""", "", "A maximum of 4 blocks with cache_control may be provided. Found 5.")]
    [InlineData("""{"type":"ephemeral"}|{"type":"ephemeral"}|{"type":"ephemeral"}|{"type":"ephemeral"}""", "\"cache_control\":{\"type\":\"ephemeral\"},", "A maximum of 4 blocks with cache_control may be provided. Found 5.")]
    [InlineData("""{"type":"ephemeral"}|{"type":"ephemeral","ttl":"1h"}""", "", "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block")]
    [InlineData("""{"type":"ephemeral","ttl":"2h"}""", "", "system.cache_control.ttl: Input should be '5m' or '1h'")]
    [InlineData("""{"type":"lasting"}""", "", "system.cache_control.type: Input should be 'ephemeral'")]
    public async Task Breakpoints_that_the_API_refuses_are_refused(string controls, string top, string expected)
    {
        var system = string.Join(',', controls.Split('|').Select(static (control, i) => $$"""{"type":"text","text":"Block {{i}}","cache_control":{{control}}}"""));
        using var response = await Emulator.PostAsync("/v1/messages", Request(system, top));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(expected, EmulatorHost.Text((await EmulatorHost.JsonAsync(response)).GetProperty("error"), "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thinking_cannot_be_marked()
    {
        var body = """{"model":"claude-haiku-4-5","max_tokens":50,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"AAAA","cache_control":{"type":"ephemeral"}},{"type":"text","text":"So"}]},{"role":"user","content":"Go on"}]}""";
        using var response = await Emulator.PostAsync("/v1/messages", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("thinking", EmulatorHost.Text((await EmulatorHost.JsonAsync(response)).GetProperty("error"), "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_for_no_tokens_warms_the_cache_for_the_next()
    {
        var ping = await UsageAsync(Request(Marked("5m")).Replace("\"max_tokens\":50", "\"max_tokens\":0", StringComparison.Ordinal));
        Assert.Equal(0, Of(ping, "output_tokens"));
        Assert.Equal(Of(ping, "cache_creation_input_tokens"), Of(await UsageAsync(Request(Marked("5m"))), "cache_read_input_tokens"));
    }

    [Fact]
    public async Task A_time_that_is_none_is_refused()
    {
        using var response = await Emulator.PostAsync("/v1/messages", Hello, "x-sim-time: yesterday");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task The_bill_adds_up_to_the_nano_dollar()
    {
        var expected = 0L;
        for (var i = 0; i < 3; i++)
        {
            var usage = await UsageAsync(Request(Marked("1h")), "x-api-key: one");
            expected += (Of(usage, "input_tokens") * 2000L) + (Of(usage, "cache_creation_input_tokens") * 4000L) + (Of(usage, "cache_read_input_tokens") * 200L);
        }

        using var response = await Emulator.Client.GetAsync("/emulator/bill", TestContext.Current.CancellationToken);
        var line = Assert.Single((await EmulatorHost.JsonAsync(response)).GetProperty("bill").EnumerateArray());
        Assert.Equal("claude-sonnet-5", EmulatorHost.Text(line, "model"));
        Assert.Equal(3, Of(line, "requests"));
        Assert.Equal(expected, line.GetProperty("input_nano_dollars").GetInt64());
        Assert.Equal(Of(line, "output_tokens") * 10_000L, line.GetProperty("output_nano_dollars").GetInt64());

        using var gone = await Emulator.Client.DeleteAsync("/emulator/bill", TestContext.Current.CancellationToken);
        Assert.Empty((await EmulatorHost.JsonAsync(gone)).GetProperty("bill").EnumerateArray());
    }

    private static string Marked(string ttl) => $$$"""{"type":"text","text":"{{{Long}}}","cache_control":{"type":"ephemeral","ttl":"{{{ttl}}}"}}""";

    private static string Request(string system, string top = "") =>
        $$"""{"model":"claude-sonnet-5",{{top}}"max_tokens":50,"system":[{{system}}],"messages":[{"role":"user","content":"Good morning"}]}""";

    private async Task<JsonElement> UsageAsync(string body, params string[] headers)
    {
        using var response = await Emulator.PostAsync("/v1/messages", body, headers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await EmulatorHost.JsonAsync(response)).GetProperty("usage");
    }

    private static int Of(JsonElement json, string member) => json.GetProperty(member).GetInt32();
}
