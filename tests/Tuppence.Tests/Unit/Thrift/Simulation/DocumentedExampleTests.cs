using Tuppence.Thrift.Simulation;

namespace Tuppence.Tests.Unit.Thrift.Simulation;

/// <summary>The examples of the provider's documents. Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching (2026-08-21, September 2026).</summary>
public sealed class DocumentedExampleTests
{
    private readonly EngineScene scene = new();

    [Fact]
    public void A_growing_conversation_reads_what_the_turn_before_wrote()
    {
        Assert.Equal(new CacheBill(0, 0, 1000, 108), scene.At(0, EngineScene.System(10, (10, "5m"))).Bill);
        Assert.Equal(new CacheBill(1000, 0, 500, 108), scene.At(10, EngineScene.System(15, (15, "5m"))).Bill);
    }

    [Fact]
    public void Twenty_blocks_on_the_last_write_is_missed_by_one()
    {
        scene.At(0, EngineScene.System(15, (15, "5m")));
        Assert.Equal(0, scene.Read(10, EngineScene.System(35, (35, "5m"))));
        scene.At(20, EngineScene.System(15, (15, "5m")));
        Assert.Equal(1500, scene.Read(30, EngineScene.System(34, (34, "5m"))));
    }

    [Fact]
    public void A_second_breakpoint_at_the_last_write_rescues_it()
    {
        scene.At(0, EngineScene.System(15, (15, "5m")));
        Assert.Equal(new CacheBill(1500, 0, 2000, 108), scene.At(10, EngineScene.System(35, (15, "5m"), (35, "5m"))).Bill);
    }

    [Fact]
    public void A_timestamp_in_the_marked_block_never_hits_and_the_block_before_it_does()
    {
        string WithTime(double seconds, int mark) => EngineScene.System(Enumerable.Range(1, 5).Select(static i => $"block {i}").Append($"It is {seconds}"), (mark, "5m"));
        foreach (var seconds in (double[])[0, 10, 20])
        {
            Assert.Equal(new CacheBill(0, 0, 600, 108), scene.At(seconds, WithTime(seconds, 6)).Bill);
        }

        Assert.Equal(0, scene.Read(30, WithTime(30, 5)));
        Assert.Equal(new CacheBill(500, 0, 0, 208), scene.At(40, WithTime(40, 5)).Bill);
    }

    [Fact]
    public void Mixed_lives_are_billed_by_three_positions()
    {
        scene.At(0, EngineScene.System(4, (4, "1h")));
        Assert.Equal(new CacheBill(Read: 400, Write1h: 300, Write5m: 200, Uncached: 208), scene.At(10, EngineScene.System(10, (4, "1h"), (7, "1h"), (9, "5m"))).Bill);
    }

    [Fact]
    public void Automatic_caching_moves_forward_with_the_conversation()
    {
        const string Automatic = "\"cache_control\":{\"type\":\"ephemeral\"},";
        string Message(string role, string text) => EngineScene.Message(role, EngineScene.Text(text));
        Assert.Equal(new CacheBill(0, 0, 108, 0), scene.At(0, EngineScene.Chat(Automatic, Message("user", "1"))).Bill);
        Assert.Equal(new CacheBill(108, 0, 216, 0), scene.At(10, EngineScene.Chat(Automatic, Message("user", "1"), Message("assistant", "2"), Message("user", "3"))).Bill);
        Assert.Equal(new CacheBill(324, 0, 216, 0), scene.At(20, EngineScene.Chat(Automatic, Message("user", "1"), Message("assistant", "2"), Message("user", "3"), Message("assistant", "4"), Message("user", "5"))).Bill);
    }

    [Theory]
    [InlineData(4 * 60, true)]
    [InlineData(5 * 60, true)]
    [InlineData((5 * 60) + 0.1, false)]
    public void The_clock_starts_with_the_request_so_that_four_minutes_of_answer_leave_one(double seconds, bool hits)
    {
        scene.At(0, EngineScene.System(10, (10, "5m")));
        Assert.Equal(hits ? 1000 : 0, scene.Read(seconds, EngineScene.System(10, (10, "5m"))));
    }

    [Fact]
    public void Each_use_begins_the_life_anew_at_no_charge()
    {
        scene.At(0, EngineScene.System(10, (10, "5m")));
        for (var minute = 4; minute < 40; minute += 4)
        {
            Assert.Equal(new CacheBill(1000, 0, 0, 108), scene.At(minute * 60, EngineScene.System(10, (10, "5m"))).Bill);
        }
    }

    [Theory]
    [InlineData(512)]
    [InlineData(1024)]
    [InlineData(2048)]
    [InlineData(4096)]
    public void A_prefix_below_the_minimum_is_not_written(int minimum)
    {
        var (below, above) = ((minimum - 1) / 100, (minimum + 99) / 100);
        Assert.Equal(new CacheBill(0, 0, 0, (below * 100) + 108), scene.At(0, EngineScene.System(below, (below, "5m")), minimum).Bill);
        Assert.Equal(new CacheBill(0, 0, above * 100, 108), scene.At(1, EngineScene.System(above, (above, "5m")), minimum).Bill);
    }

    [Fact]
    public void Another_workspace_and_another_model_find_nothing()
    {
        scene.At(0, EngineScene.System(10, (10, "5m")), scope: "one");
        Assert.Equal(0, scene.Read(10, EngineScene.System(10, (10, "5m")), scope: "two"));
        Assert.Equal(0, scene.Read(10, EngineScene.System(10, (10, "5m")).Replace("sonnet-5", "opus-5", StringComparison.Ordinal), scope: "one"));
        Assert.Equal(1000, scene.Read(10, EngineScene.System(10, (10, "5m")), scope: "one"));
    }

    [Fact]
    public void Requests_in_parallel_all_write_until_the_first_answer_begins()
    {
        Assert.Equal(1000, scene.At(0, EngineScene.System(10, (10, "5m"))).Bill.Write5m);
        Assert.Equal(1000, scene.At(1, EngineScene.System(10, (10, "5m"))).Bill.Write5m);
        Assert.Equal(1000, scene.Read(1.5, EngineScene.System(10, (10, "5m"))));
    }

    [Fact]
    public void A_run_of_tool_results_is_one_position()
    {
        string Result(int i) => $$"""{"type":"tool_result","tool_use_id":"toolu_{{i}}","content":"{{i}}"}""";
        string Body(int results, bool first) => EngineScene.Chat(
            "", EngineScene.Message("user", EngineScene.Text("start", first ? "5m" : null)), EngineScene.Message("user", [.. Enumerable.Range(0, results).Select(Result), EngineScene.Text("end", "5m")]));

        scene.At(0, Body(30, first: true));
        Assert.Equal(108, scene.Read(10, Body(31, first: false)));
        var apart = new EngineScene(new CacheEngineOptions { CollapseRuns = false });
        apart.At(0, Body(30, first: true));
        Assert.Equal(0, apart.Read(10, Body(31, first: false)));
    }

    [Fact]
    public void A_server_tool_s_result_is_an_entry_for_five_minutes_beside_one_for_an_hour()
    {
        const string Search = """{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]}""";
        var first = EngineScene.Chat("", EngineScene.Message("user", EngineScene.Text("ask", "1h")), EngineScene.Message("assistant", Search, EngineScene.Text("found")));
        var later = EngineScene.Chat("", EngineScene.Message("user", EngineScene.Text("ask")), EngineScene.Message("assistant", Search, EngineScene.Text("found", "5m")));

        var bill = scene.At(0, first).Bill;
        Assert.Equal((108, 100), (bill.Write1h, bill.Uncached));
        Assert.True(bill.Write5m > 0);
        Assert.Equal(108 + bill.Write5m, scene.Read(200, later));
        Assert.Equal(0, scene.Read(200, first.Replace("claude-sonnet-5", "claude-opus-5", StringComparison.Ordinal).Replace(EngineScene.Mark("1h"), "", StringComparison.Ordinal)));
        Assert.Equal(108, new EngineScene(new CacheEngineOptions { ServerToolEntries = false }).At(0, first).Bill.Write1h);
        Assert.Equal(0, new EngineScene(new CacheEngineOptions { ServerToolEntries = false }).At(0, first).Bill.Write5m);
    }
}
