using Tuppence.Thrift.Simulation;

namespace Tuppence.Tests.Unit.Thrift.Simulation;

/// <summary>The eight choices that the benchmark fixes where documents are silent or brief.</summary>
public sealed class FixedRuleTests
{
    private readonly EngineScene scene = new();

    [Fact] // 1
    public void An_entry_dies_for_good_when_a_part_below_it_expires()
    {
        scene.At(0, EngineScene.System(5, (5, "5m")));
        scene.At(10, EngineScene.System(10, (10, "1h")));

        // Blocks 1 to 5 expire and are written again; 6 to 10 would have lived on.
        Assert.Equal(500, scene.At(400, EngineScene.System(5, (5, "5m"))).Bill.Write5m);
        Assert.Equal(new CacheBill(500, 500, 0, 108), scene.At(410, EngineScene.System(10, (10, "1h"))).Bill);
        Assert.Equal(1000, scene.Read(420, EngineScene.System(10, (10, "1h"))));
    }

    [Fact] // 1
    public void Entries_for_an_hour_die_with_the_five_minutes_below_them()
    {
        scene.At(0, EngineScene.System(5, (5, "5m")));
        Assert.Equal(new CacheBill(500, 500, 0, 108), scene.At(10, EngineScene.System(10, (10, "1h"))).Bill);
        Assert.Equal(0, scene.Read(400, EngineScene.System(10, (10, "1h"))));

        var apart = new EngineScene(new CacheEngineOptions { EntryModel = EntryModel.Independent });
        apart.At(0, EngineScene.System(5, (5, "5m")));
        apart.At(10, EngineScene.System(10, (10, "1h")));
        Assert.Equal(1000, apart.Read(400, EngineScene.System(10, (10, "1h"))));
    }

    [Fact] // 2
    public void A_write_over_something_alive_never_shortens_its_life()
    {
        scene.At(0, EngineScene.System(30, (5, "1h"), (30, "1h")));

        // Too far from block 30, so it does not see the entry and writes anew, for five minutes.
        Assert.Equal(600, scene.At(1, EngineScene.System(30, (6, "5m"))).Bill.Write5m);
        Assert.Equal(3000, scene.Read(1000, EngineScene.System(30, (30, "5m"))));
    }

    [Fact] // 3
    public void An_hour_s_breakpoint_on_a_live_entry_for_five_minutes_is_a_read()
    {
        scene.At(0, EngineScene.System(10, (10, "5m")));
        Assert.Equal(new CacheBill(1000, 0, 0, 108), scene.At(10, EngineScene.System(10, (10, "1h"))).Bill);
        Assert.Equal(0, scene.Read(400, EngineScene.System(10, (10, "1h"))));
    }

    [Fact] // 3
    public void Tools_and_system_blocks_are_positions()
    {
        scene.At(0, EngineScene.System(1, (1, "5m")));
        Assert.Equal(0, scene.Read(10, EngineScene.System(21, (21, "5m"))));

        var uncounted = new EngineScene(new CacheEngineOptions { CountToolsAndSystem = false });
        uncounted.At(0, EngineScene.System(1, (1, "5m")));
        Assert.Equal(100, uncounted.Read(10, EngineScene.System(21, (21, "5m"))));
    }

    [Fact] // 4
    public void Runs_end_with_their_message_and_every_block_of_a_run_is_tested()
    {
        string Results(int from, int count, bool marked) => string.Join(',', Enumerable.Range(from, count).Select(i =>
            $$"""{"type":"tool_result","tool_use_id":"toolu_{{i}}","content":"{{i}}"{{EngineScene.Mark(marked && i == from + count - 1 ? "5m" : null)}}}"""));

        scene.At(0, EngineScene.Chat("", EngineScene.Message("user", Results(0, 25, marked: true))));
        Assert.True(scene.Read(10, EngineScene.Chat("", EngineScene.Message("user", Results(0, 40, marked: true)))) > 0);

        string[] Apart(int count) => [.. Enumerable.Range(0, count).Select(i => EngineScene.Message("user", Results(i, 1, marked: i == count - 1)))];
        var other = new EngineScene();
        other.At(0, EngineScene.Chat("", Apart(1)));
        Assert.Equal(0, other.Read(10, EngineScene.Chat("", Apart(21))));
    }

    [Theory] // 5
    [InlineData("\"thinking\":{\"type\":\"adaptive\"},", false)]
    [InlineData("\"tool_choice\":{\"type\":\"none\"},", false)]
    [InlineData("\"output_config\":{\"effort\":\"low\"},", false)]
    [InlineData("\"output_config\":{\"effort\":\"high\"},", true)]
    [InlineData("\"temperature\":0.5,\"max_tokens\":5,\"stream\":true,", true)]
    public void Settings_break_from_the_first_message_on(string settings, bool same)
    {
        const string System = "\"system\":[{\"type\":\"text\",\"text\":\"Be brief.\",\"cache_control\":{\"type\":\"ephemeral\"}}],";
        var message = EngineScene.Message("user", EngineScene.Text("Hi", "5m"));
        var all = scene.At(0, EngineScene.Chat(System, message)).Bill.Write5m;
        Assert.Equal(same ? all : all - 108, scene.Read(10, EngineScene.Chat(settings + System, message)));
    }

    [Fact] // 5
    public void An_image_anywhere_breaks_from_the_first_message_on()
    {
        var message = EngineScene.Message("user", EngineScene.Text("Hi", "5m"));
        const string Image = """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}""";
        scene.At(0, EngineScene.Chat("", message));
        Assert.Equal(0, scene.Read(10, EngineScene.Chat("", message, EngineScene.Message("user", Image))));
    }

    [Fact] // 6
    public void Automatic_caching_beside_four_breakpoints_is_an_error()
    {
        var body = EngineScene.System(10, (1, "5m"), (2, "5m"), (3, "5m"), (4, "5m"));
        Assert.Null(scene.At(0, body).Rejection);
        Assert.Contains("maximum of 4", scene.At(0, body.Insert(1, "\"cache_control\":{\"type\":\"ephemeral\"},")).Rejection, StringComparison.Ordinal);
    }

    [Fact] // 7
    public void Breakpoints_below_the_minimum_count_towards_number_and_order()
    {
        Assert.NotNull(scene.At(0, EngineScene.System(20, (1, "5m"), (2, "5m"), (3, "5m"), (4, "5m"), (20, "5m")), minTokens: 1024).Rejection);
        Assert.NotNull(scene.At(0, EngineScene.System(20, (1, "5m"), (20, "1h")), minTokens: 1024).Rejection);
        Assert.Equal(new CacheBill(0, 2000, 0, 108), scene.At(0, EngineScene.System(20, (1, "1h"), (20, "1h")), minTokens: 1024).Bill);
    }

    [Fact] // 8
    public void A_message_s_border_is_part_of_the_key()
    {
        scene.At(0, EngineScene.Chat("", EngineScene.Message("user", EngineScene.Text("1")), EngineScene.Message("user", EngineScene.Text("2", "5m"))));
        Assert.Equal(0, scene.Read(10, EngineScene.Chat("", EngineScene.Message("user", EngineScene.Text("1"), EngineScene.Text("2", "5m")))));
    }
}
