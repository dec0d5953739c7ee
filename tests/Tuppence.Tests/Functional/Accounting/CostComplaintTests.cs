using Tuppence.State.Ledger;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional.Accounting;

/// <summary>What users of other gateways found wrong in their bills. Each test is named for its complaint.</summary>
public sealed class CostComplaintTests
{
    private const string Usage = "\"input_tokens\":100,\"cache_read_input_tokens\":1000,\"cache_creation_input_tokens\":50,\"cache_creation\":{\"ephemeral_5m_input_tokens\":20,\"ephemeral_1h_input_tokens\":30}";

    private const long Expected = (100 * 3000) + (1000 * 300) + (20 * 3750) + (30 * 6000) + (40 * 15_000);

    /// <summary>https://github.com/BerriAI/litellm/issues/11789: cache reads were billed as input, when streaming only.</summary>
    [Fact]
    public async Task A_streamed_answer_costs_what_the_same_answer_costs_whole()
    {
        var whole = await RowAsync(Json($$"""{{{Usage}},"output_tokens":40}"""));
        var streamed = await RowAsync(Stream($"{Usage},\"output_tokens\":1", "\"output_tokens\":40"));
        Assert.Equal(Expected, whole.Cost!.Total);
        Assert.Equal(whole.Cost, streamed.Cost);
    }

    /// <summary>https://github.com/BerriAI/litellm/issues/9812: tokens written to the cache were counted as input as well.</summary>
    [Fact]
    public async Task Writes_are_not_counted_twice()
    {
        var row = await RowAsync(Json($$"""{{{Usage}},"output_tokens":40}"""));
        Assert.Equal((100 * 3000, (20 * 3750) + (30 * 6000)), (row.Cost!.Input, row.Cost.CacheWrite));
        Assert.Equal(1150, row.Usage!.AllInput);
    }

    /// <summary>https://github.com/BerriAI/litellm/issues/42663: writes of an hour were billed at the price of five minutes.</summary>
    [Fact]
    public async Task An_hour_costs_the_price_of_an_hour() =>
        Assert.Equal(50 * 6000, (await RowAsync(Json("""{"input_tokens":0,"cache_creation_input_tokens":50,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":50},"output_tokens":0}"""))).Cost!.Total);

    /// <summary>https://github.com/BerriAI/litellm/issues/34497: what a server tool wrote to the cache meanwhile, told at the end of the stream, cost nothing.</summary>
    [Fact]
    public async Task Writes_that_the_end_of_the_stream_tells_are_paid()
    {
        var row = await RowAsync(Stream("\"input_tokens\":10,\"cache_creation_input_tokens\":0,\"output_tokens\":1", "\"input_tokens\":30,\"cache_read_input_tokens\":200,\"cache_creation_input_tokens\":400,\"output_tokens\":40,\"server_tool_use\":{\"web_search_requests\":2}"));
        Assert.Equal((30 * 3000) + (200 * 300) + (400 * 3750) + (40 * 15_000) + (2 * 10_000_000), row.Cost!.Total);
    }

    /// <summary>https://github.com/vercel/ai/issues/17326: where message_start tells zeros and message_delta the figures, usage came out as zero.</summary>
    [Fact]
    public async Task Figures_that_come_only_at_the_end_count() =>
        Assert.Equal(Expected, (await RowAsync(Stream("\"input_tokens\":0,\"output_tokens\":0", $"{Usage},\"output_tokens\":40"))).Cost!.Total);

    /// <summary>https://github.com/microsoft/agent-framework/issues/7143: figures told at the beginning and at the end were added up.</summary>
    [Fact]
    public async Task Figures_that_come_twice_count_once() =>
        Assert.Equal(Expected, (await RowAsync(Stream($"{Usage},\"output_tokens\":40", $"{Usage},\"output_tokens\":40"))).Cost!.Total);

    /// <summary>https://github.com/router-for-me/CLIProxyAPI/issues/5617: cache fields that an answer leaves out broke the count.</summary>
    [Fact]
    public async Task An_answer_without_cache_fields_is_plain_input() =>
        Assert.Equal((7 * 3000) + (3 * 15_000), (await RowAsync(Stream("\"input_tokens\":7,\"output_tokens\":1", "\"output_tokens\":3"))).Cost!.Total);

    /// <summary>https://github.com/BerriAI/litellm/issues/37140: of a stream that the client left nothing was booked.</summary>
    [Fact]
    public async Task A_stream_that_was_left_is_booked_with_all_its_input()
    {
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            await call.SendChunkAsync(Start($"{Usage},\"output_tokens\":1"));
            await call.UntilClosedAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream);
        var heard = HeardRequests.On(gateway);
        using var client = await Sse.BeginAsync(gateway);
        await Sse.ReadUntilAsync(client, "message_start");
        client.Leave();
        var row = await heard.NextAsync();
        Assert.Equal((RequestOutcome.ClientLeft, true, Expected - (39 * 15_000)), (row.Outcome, row.Usage!.IsPartial, row.Cost!.Total));
    }

    /// <summary>https://github.com/SillyTavern/SillyTavern/issues/3848 and https://github.com/MissSinful/claude-code-sillytavern-bridge/issues/1: nobody could see that each turn wrote the whole cache anew.</summary>
    [Fact]
    public async Task A_turn_that_writes_the_cache_anew_shows_in_its_row()
    {
        var row = await RowAsync(Json("""{"input_tokens":4,"cache_read_input_tokens":0,"cache_creation_input_tokens":50000,"output_tokens":40}"""));
        Assert.Equal((0, 50_000, true), (row.Usage!.CacheRead, row.Usage.CacheWrite5m, row.Cost!.Total > row.Cost.WithoutCaching));
    }

    /// <summary>A tool with a hard-coded factor of a tenth prices the reads of newer models at twice and four times what they cost (prompt-caching.md 1.7).</summary>
    [Theory]
    [InlineData("claude-opus-5-5", 200)]
    [InlineData("claude-fable-5-2", 200)]
    [InlineData("claude-sonnet-5-5", 100)]
    [InlineData("claude-sonnet-5", 200)]
    public async Task Reads_cost_what_the_model_says(string model, long nano) =>
        Assert.Equal(1000 * nano, (await RowAsync(Json("""{"input_tokens":0,"cache_read_input_tokens":1000,"output_tokens":0}""", model))).Cost!.CacheRead);

    private static async Task<LedgerEntry> RowAsync(string answer)
    {
        await using var upstream = ScriptedUpstream.Start(call => call.SendAsync(answer));
        await using var gateway = await TestGateway.StartAsync(upstream);
        var heard = HeardRequests.On(gateway);
        Assert.Equal(200, (await gateway.PostAsync(Sse.Body)).Status);
        return await heard.NextAsync();
    }

    private static string Json(string usage, string model = "claude-sonnet-4-5")
    {
        var body = $$"""{"model":"{{model}}","id":"msg_1","content":[],"stop_reason":"end_turn","usage":{{usage}}}""";
        return $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }

    private static string Stream(string start, string end)
    {
        var body = Start(start) + Sse.Delta("word")
            + $"event: message_delta\ndata: {{\"type\":\"message_delta\",\"delta\":{{\"stop_reason\":\"end_turn\"}},\"usage\":{{{end}}}}}\n\nevent: message_stop\ndata: {{\"type\":\"message_stop\"}}\n\n";
        return $"{UpstreamCall.StreamHead}{body.Length:x}\r\n{body}\r\n0\r\n\r\n";
    }

    private static string Start(string usage) =>
        $"event: message_start\ndata: {{\"type\":\"message_start\",\"message\":{{\"id\":\"msg_1\",\"model\":\"claude-sonnet-4-5\",\"content\":[],\"stop_reason\":null,\"usage\":{{{usage}}}}}}}\n\n";
}
