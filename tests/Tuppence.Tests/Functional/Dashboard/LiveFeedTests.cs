using System.Text;
using System.Text.Json;
using Tuppence.Dashboard.Live;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional.Dashboard;

/// <summary>A page sees requests as they come, and never holds one up.</summary>
public sealed class LiveFeedTests
{
    [Fact]
    public async Task A_page_is_told_of_a_request_from_beginning_to_end()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var page = await OpenAsync(gateway);
        Assert.Equal(("hello", "[]"), await NextAsync(page));

        var answer = await gateway.PostAsync("""{"model":"claude-haiku-4-5","max_tokens":16,"stream":true,"messages":[{"role":"user","content":"Hello"}]}""");

        var (name, began) = await NextAsync(page);
        Assert.Equal("began", name);
        Assert.Equal(answer["x-tuppence-request-id"], Json(began).GetProperty("id").GetString());
        (name, var told) = await NextAsync(page);
        var advanced = 0;
        for (; name == "advanced"; (name, told) = await NextAsync(page))
        {
            advanced++;
            Assert.Equal("emulator", Json(told).GetProperty("upstream").GetString());
        }

        Assert.True(advanced >= 2);
        Assert.Equal("ended", name);
        Assert.Equal((200, true), (Json(told).GetProperty("status").GetInt32(), Json(told).GetProperty("stream").GetBoolean()));
        Assert.Equal(answer["x-tuppence-request-id"], Json(told).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("\\ud83d")]
    [InlineData("x\\udc00y\\u0000\\n")]
    public async Task A_name_that_is_no_text_harms_neither_page_nor_ledger(string name)
    {
        await using var gateway = await TestGateway.StartAsync(static config => config with { Ledger = config.Ledger with { Content = true } });
        using var page = await OpenAsync(gateway);
        await NextAsync(page);

        await gateway.PostAsync($$"""{"model":"{{name}}{{new string('m', 100_000)}}","max_tokens":16,"messages":[{"role":"user","content":"{{name}} Hello"}]}""");

        string? told;
        string json;
        do
        {
            (told, json) = await NextAsync(page);
        }
        while (told != "ended");

        Assert.InRange(Json(json).GetProperty("model").GetString()!.Length, 100, 200);
        Assert.Equal(1, (await gateway.GetJsonAsync("requests?limit=10")).GetProperty("rows").GetArrayLength());
        Assert.DoesNotContain("bug in Tuppence", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_comes_late_is_told_what_is_under_way()
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = ScriptedUpstream.Start(async _ => await released.Task);
        await using var gateway = await TestGateway.StartAsync(upstream);
        using var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync(RawClient.Post("/v1/messages", """{"model":"claude-haiku-4-5","messages":[]}"""));
        await gateway.UntilOpenAsync(1);

        using var page = await OpenAsync(gateway);

        var (name, open) = await NextAsync(page);
        Assert.Equal(("hello", 1), (name, Json(open).GetArrayLength()));
        client.Leave();
        string? last;
        do
        {
            (last, open) = await NextAsync(page);
        }
        while (last == "advanced");

        Assert.Equal(("ended", "client_left"), (last, Json(open).GetProperty("outcome").GetString()));
        released.SetResult();
    }

    [Fact]
    public async Task It_ends_when_the_gateway_begins_to_stop()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var page = await OpenAsync(gateway);
        await NextAsync(page);

        await gateway.Host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Empty((await page.ReadChunkAsync())!);
    }

    [Fact]
    public async Task It_ends_when_the_key_of_its_session_is_gone()
    {
        await using var gateway = await TestGateway.StartAsync(config => config with { GatewayKeys = [new Secret("a-long-random-value")] });
        using var page = await OpenAsync(gateway, "x-api-key: a-long-random-value\r\n");
        await NextAsync(page);

        gateway.Host.Reload(gateway.Host.State.Current.Config with { GatewayKeys = [new Secret("another-long-value")] });

        Assert.Empty((await page.ReadChunkAsync())!);
    }

    [Fact]
    public async Task Only_so_many_pages_are_told()
    {
        await using var gateway = await TestGateway.StartAsync();
        var feeds = Enumerable.Range(0, LiveRequests.MostFeeds).Select(_ => gateway.Host.State.Dashboard.Live.Join()!).ToList();

        Assert.Equal(529, (await gateway.AskAsync("live")).Status);

        gateway.Host.State.Dashboard.Live.Leave(feeds[0]);
        using var page = await OpenAsync(gateway);
        Assert.Equal("hello", (await NextAsync(page)).Name);
    }

    [Fact]
    public void A_page_that_does_not_keep_up_loses_all_and_is_told_anew()
    {
        var feed = new LiveFeed();
        for (var i = 0; i < LiveFeed.MostWaiting; i++)
        {
            feed.Tell(new byte[1]);
        }

        Assert.False(feed.TakeBehind());
        feed.Tell(new byte[1]);

        Assert.True(feed.TakeBehind());
        Assert.False(feed.TryTake(out _));
        Assert.False(feed.TakeBehind());
        feed.Tell(new byte[2]);
        Assert.True(feed.TryTake(out var told));
        Assert.Equal(2, told.Length);
    }

    private static async Task<RawClient> OpenAsync(TestGateway gateway, string headers = "")
    {
        var page = await RawClient.ConnectAsync(gateway.Port);
        await page.SendAsync($"GET /tuppence/api/live HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
        var (status, lines) = (await page.ReadHeadAsync())!.Value;
        Assert.Equal(200, status);
        Assert.Contains(lines, static line => line is { Name: "Content-Type", Value: "text/event-stream" });
        return page;
    }

    // Each event is written as a whole; several may share a chunk.
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<RawClient, Queue<(string, string)>> Waiting = [];

    private static async Task<(string Name, string Data)> NextAsync(RawClient page)
    {
        var waiting = Waiting.GetOrCreateValue(page);
        while (waiting.Count == 0)
        {
            var chunk = await page.ReadChunkAsync();
            Assert.True(chunk is { Length: > 0 }, "The feed ended.");
            foreach (var one in Encoding.UTF8.GetString(chunk).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(static one => one[0] != ':'))
            {
                var lines = one.Split('\n');
                waiting.Enqueue((lines[0]["event: ".Length..], lines[1]["data: ".Length..]));
            }
        }

        return waiting.Dequeue();
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
