using System.Text;
using Tuppence.Messages.Models;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Tests.Unit.Thrift.Simulation;

/// <summary>What can be set where the provider does not say how its cache behaves.</summary>
public sealed class EngineOptionTests
{
    [Theory]
    [InlineData(RefreshRule.Hit, 0, 0)]
    [InlineData(RefreshRule.HitAndMarked, 400, 0)]
    [InlineData(RefreshRule.AllBelow, 400, 200)]
    public void A_read_keeps_alive_what_the_rule_says(RefreshRule rule, int marked, int unmarked)
    {
        int ReadLater(int blocks)
        {
            var scene = new EngineScene(new CacheEngineOptions { EntryModel = EntryModel.Independent, Refresh = rule });
            scene.At(0, EngineScene.System(10, (2, "5m"), (4, "5m"), (10, "5m")));
            scene.At(250, EngineScene.System(10, (4, "5m"), (10, "5m")));
            return scene.Read(400, EngineScene.System(blocks, (blocks, "5m")));
        }

        Assert.Equal((marked, unmarked), (ReadLater(4), ReadLater(2)));
    }

    [Theory]
    [InlineData(EntryModel.Chained)]
    [InlineData(EntryModel.Independent)]
    public void An_upgrade_makes_five_minutes_an_hour(EntryModel entries)
    {
        var scene = new EngineScene(new CacheEngineOptions { EntryModel = entries, TtlUpgrade = true });
        scene.At(0, EngineScene.System(10, (10, "5m")));
        Assert.Equal(new CacheBill(1000, 0, 0, 108), scene.At(10, EngineScene.System(10, (10, "1h"))).Bill);
        Assert.Equal(1000, scene.Read(3000, EngineScene.System(10, (10, "1h"))));
    }

    [Fact]
    public void Written_tokens_count_as_reused_once_however_often_they_are_read()
    {
        var scene = new EngineScene();
        scene.At(0, EngineScene.System(10, (4, "5m"), (10, "5m")));
        Assert.Equal(0, scene.Engine.ReusedTokens);
        scene.At(10, EngineScene.System(4, (4, "5m")));
        scene.At(20, EngineScene.System(4, (4, "5m")));
        Assert.Equal(400, scene.Engine.ReusedTokens);
        scene.At(30, EngineScene.System(10, (10, "5m")));
        Assert.Equal(1000, scene.Engine.ReusedTokens);
    }

    [Fact]
    public void Another_effort_is_another_prompt_unless_it_is_said_not_to_be()
    {
        string Body(string effort) => EngineScene.Chat($$"""
            "output_config":{"effort":"{{effort}}"},
            """, EngineScene.Message("user", EngineScene.Text("Hi")));

        UInt128 Last(string effort, bool counts)
        {
            var prompt = new Prompt();
            Assert.True(new PromptReader(ByteTokenCounter.Instance, ModelTable.Default, counts).TryRead(Encoding.UTF8.GetBytes(Body(effort)), prompt));
            return prompt.Blocks[^1].Prefix;
        }

        Assert.NotEqual(Last("low", counts: true), Last("medium", counts: true));
        Assert.Equal(Last("low", counts: false), Last("medium", counts: false));
    }

    [Theory]
    [InlineData(315, 1000)]
    [InlineData(325, 0)]
    public void Grace_lengthens_every_life(double seconds, int read)
    {
        var scene = new EngineScene(new CacheEngineOptions { Grace = TimeSpan.FromSeconds(20) });
        scene.At(0, EngineScene.System(10, (10, "5m")));
        Assert.Equal(read, scene.Read(seconds, EngineScene.System(10, (10, "5m"))));
    }

    [Fact]
    public void The_window_of_the_look_back_can_be_set()
    {
        var scene = new EngineScene(new CacheEngineOptions { Lookback = 3 });
        scene.At(0, EngineScene.System(10, (10, "5m")));
        Assert.Equal(1000, scene.Read(10, EngineScene.System(12, (12, "5m"))));
        Assert.Equal(0, scene.Read(20, EngineScene.System(15, (15, "5m"))));
    }

    [Fact]
    public void Early_loss_falls_on_the_same_requests_for_the_same_seed()
    {
        int[] Reads(int seed)
        {
            var scene = new EngineScene(new CacheEngineOptions { EarlyLossRate = 0.2, EarlyLossSeed = seed });
            return [.. Enumerable.Range(0, 200).Select(i => scene.Read(i * 10, EngineScene.System(10, (10, "5m"))))];
        }

        Assert.Equal(Reads(1), Reads(1));
        Assert.NotEqual(Reads(1), Reads(2));
        Assert.InRange(Reads(1).Count(static read => read == 0), 20, 60);
    }

    [Fact]
    public void What_has_expired_is_swept_out()
    {
        var scene = new EngineScene();
        for (var i = 0; i < 2000; i++)
        {
            scene.At(i * 60, EngineScene.System(Enumerable.Range(0, 20).Select(block => $"{i} {block}"), (20, "5m")));
        }

        // Each lives for five minutes, so that six of the 2,000 are alive at a time.
        Assert.InRange(scene.Engine.Held, 1, 4200);
    }
}
