using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Thrift;

namespace Tuppence.Tests.Functional.Thrift;

/// <summary>Which level of prompt caching a request gets, and what of it goes upstream.</summary>
public sealed class LevelTests
{
    [Fact]
    public async Task A_client_without_breakpoints_gets_markers_and_every_text_stays()
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream);

        var answer = await CacheScene.ChatAsync(gateway);

        Assert.Contains("cache-markers;did=\"", answer["x-tuppence-edits"], StringComparison.Ordinal);
        Assert.True(CacheScene.Breakpoints(upstream.Calls[^1].Text) is > 0 and <= 4);
        for (var turn = 1; turn <= 4; turn++)
        {
            Assert.Equal(CacheScene.Unmarked(CacheScene.Body(turn)), CacheScene.Unmarked(upstream.Calls[turn - 1].Text));
        }
    }

    [Fact]
    public async Task A_clients_own_breakpoints_stand_by_default()
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream);

        var answer = await CacheScene.ChatAsync(gateway, marks: true);

        Assert.Null(answer["x-tuppence-edits"]);
        Assert.Equal(CacheScene.Body(4, marks: true), upstream.Calls[^1].Text);
    }

    [Theory]
    // header, preset, upstream, configuration; then whether breakpoints of ours are set
    [InlineData(null, null, null, null, true)]
    [InlineData(null, null, null, "off", false)]
    [InlineData(null, null, "markers", "off", true)]
    [InlineData(null, null, "off", "markers", false)]
    [InlineData(null, "markers", "off", "off", true)]
    [InlineData(null, "off", "markers", "markers", false)]
    [InlineData("markers", "off", "off", "off", true)]
    [InlineData("off", "markers", "markers", "markers", false)]
    [InlineData("RESPECT", null, null, null, false)]
    public async Task Header_beats_preset_beats_upstream_beats_configuration(string? header, string? preset, string? ofUpstream, string? config, bool marks)
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(
            upstream,
            given => given.At(Level(config)) with
            {
                Upstream = "mine",
                Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["mine"] = new() { Url = upstream.Url, Cache = Level(ofUpstream) } },
            },
            null,
            ("p", preset is null ? "{}" : $$"""{"cache":"{{preset}}"}"""));

        await CacheScene.ChatAsync(gateway, path: "/v1/p/messages", headers: header is null ? "" : $"x-tuppence-cache: {header}\r\n");

        Assert.Equal(marks, CacheScene.Breakpoints(upstream.Calls[^1].Text) > 0);
        Assert.All(upstream.Calls, static call => Assert.Null(call["x-tuppence-cache"]));
    }

    [Theory]
    [InlineData(ClientBreakpoints.Auto, null, false)]
    [InlineData(ClientBreakpoints.Auto, CacheLevel.Markers, true)]
    [InlineData(ClientBreakpoints.Respect, CacheLevel.Markers, false)]
    [InlineData(ClientBreakpoints.Replace, null, true)]
    public async Task Own_breakpoints_are_replaced_where_the_user_says_so(ClientBreakpoints own, CacheLevel? level, bool replaced)
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream, config => config with { Cache = new CacheConfig { Level = level, ClientBreakpoints = own } });

        var answer = await CacheScene.ChatAsync(gateway, marks: true);

        Assert.Equal(replaced, answer["x-tuppence-edits"]?.Contains("cache-markers", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("most")]
    [InlineData("")]
    [InlineData("markers, off")]
    public async Task A_level_that_is_none_is_refused_with_those_that_are(string level)
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream);

        var answer = await gateway.PostAsync(CacheScene.Body(1), headers: $"x-tuppence-cache: {level}\r\n");

        Assert.Equal(400, answer.Status);
        Assert.Contains("off, respect, markers, split, relocate, window or relocate+window", answer.Text, StringComparison.Ordinal);
        Assert.Empty(upstream.Calls);
    }

    [Fact]
    public async Task Counting_tokens_is_never_planned()
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream);
        await CacheScene.ChatAsync(gateway, count: 3);

        var answer = await gateway.PostAsync(CacheScene.Body(4), "/v1/messages/count_tokens");

        Assert.Equal(200, answer.Status);
        Assert.Equal(CacheScene.Body(4), upstream.Calls[^1].Text);
    }

    [Fact]
    public async Task A_dry_run_shows_the_planned_request_and_is_forgotten()
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream);
        await CacheScene.ChatAsync(gateway, count: 3);

        var shown = await gateway.PostAsync(CacheScene.Body(4), "/v1/messages?dry-run=true");
        var sent = await gateway.PostAsync(CacheScene.Body(4));

        Assert.Equal(200, shown.Status);
        Assert.Contains("cache-markers", shown["x-tuppence-edits"], StringComparison.Ordinal);
        Assert.Equal(shown.Text, upstream.Calls[^1].Text);
        Assert.Equal(4, upstream.Calls.Count);
        Assert.Equal(shown["x-tuppence-edits"], sent["x-tuppence-edits"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("not json at all")]
    [InlineData("{\"model\":\"claude-sonnet-5-5\",\"messages\":\"x\"}")]
    [InlineData("{\"model\":\"claude-sonnet-5-5\",\"messages\":[{\"role\":\"user\"}]}")]
    [InlineData("{\"model\":7,\"messages\":[{\"role\":\"user\",\"content\":[1,null,{}]}],\"system\":[[]],\"tools\":3}")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"messages\":[]}")]
    [InlineData("{\"model\":\"m\",\"messages\":[")]
    public async Task A_body_that_cannot_be_planned_goes_as_it_is(string body)
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream, static config => config.At(CacheLevel.RelocateWindow));

        var answer = await gateway.PostAsync(body);

        Assert.Equal(200, answer.Status);
        Assert.Equal(body, upstream.Calls.Single().Text);
        Assert.DoesNotContain("could not be planned", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_body_passes_unless_the_request_asks_for_a_plan()
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream);

        var passed = await gateway.SendAsync(RawClient.PostBytes("/v1/messages", "\x1f\x8b\x08\x00", "Content-Encoding: gzip\r\n"));
        var refused = await gateway.SendAsync(RawClient.PostBytes("/v1/messages", "\x1f\x8b\x08\x00", "Content-Encoding: gzip\r\nx-tuppence-cache: markers\r\n"));

        Assert.Equal((200, 415), (passed.Status, refused.Status));
        Assert.Single(upstream.Calls);
    }

    [Fact]
    public async Task A_model_that_nobody_knows_gets_five_minutes_only()
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream);

        await CacheScene.ChatAsync(gateway, count: 6, model: "claude-of-tomorrow");

        Assert.All(upstream.Calls, static call => Assert.DoesNotContain("\"1h\"", call.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Planned_requests_ask_for_an_answer_that_can_be_read()
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream);

        await gateway.PostAsync(CacheScene.Body(1), headers: "Accept-Encoding: gzip\r\n");
        await gateway.PostAsync(CacheScene.Body(1), headers: "Accept-Encoding: gzip\r\nx-tuppence-cache: off\r\n");

        Assert.Equal((null, "gzip"), (upstream.Calls[0]["accept-encoding"], upstream.Calls[1]["accept-encoding"]));
    }

    private static CacheLevel? Level(string? word) => word is null ? null : LevelNames.Parse(word) is { } level ? level : throw new ArgumentException(word, nameof(word));
}
