using System.Text;
using Tuppence.Configuration;
using Tuppence.Messages.Edits;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional;

public sealed class ReloadTests
{
    [Fact]
    public async Task A_reload_changes_the_next_request_and_drops_no_stream()
    {
        var reloaded = new TaskCompletionSource();
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            if (!call.Text.Contains("stream", StringComparison.Ordinal))
            {
                await call.AnswerAsync(200, "{}");
                return;
            }

            await call.BeginStreamAsync();
            await call.SendChunkAsync("event: a\ndata: {}\n\n");
            await reloaded.Task;
            await call.SendChunkAsync("event: b\ndata: {}\n\n");
            await call.EndChunksAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream);
        using var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync(RawClient.Post("/v1/messages", """{"stream":true}"""));
        await client.ReadHeadAsync();
        Assert.Equal("event: a\ndata: {}\n\n", Encoding.UTF8.GetString((await client.ReadChunkAsync())!));

        gateway.Host.Reload(gateway.Host.State.Current.Config with { FilterSamplingParams = SamplingFilterMode.On });
        reloaded.SetResult();

        Assert.Equal("event: b\ndata: {}\n\n", Encoding.UTF8.GetString((await client.ReadChunkAsync())!));
        Assert.Empty((await client.ReadChunkAsync())!);
        var next = await gateway.PostAsync("""{"model":"claude-x","temperature":1.0}""");
        Assert.Contains("sampling-filter", next["x-tuppence-edits"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_to_another_upstream_sends_the_next_request_there()
    {
        await using var first = ScriptedUpstream.Answering("1");
        await using var second = ScriptedUpstream.Answering("2");
        await using var gateway = await TestGateway.StartAsync(first);
        Assert.Equal("1", (await gateway.PostAsync("{}")).Text);

        gateway.Host.Reload(gateway.Host.State.Current.Config with { Upstream = second.Url });

        Assert.Equal("2", (await gateway.PostAsync("{}")).Text);
    }

    [Fact]
    public async Task Presets_are_watched_in_the_folder_that_a_reload_names()
    {
        var clock = new GatewayClock();
        await using var gateway = await TestGateway.StartAsync(time: clock);
        var written = Path.Combine(gateway.Directory, "late.json");
        await File.WriteAllTextAsync(written, "{}", TestContext.Current.CancellationToken);
        var others = Directory.CreateDirectory(Path.Combine(gateway.Directory, "others")).FullName;
        gateway.Host.WatchPresets();
        gateway.Host.Reload(gateway.Host.State.Current.Config with { PresetsDirectory = "others" });
        Assert.DoesNotContain("late", gateway.Host.State.Current.Presets.Names, StringComparer.Ordinal);

        File.Move(written, Path.Combine(others, "late.json"));
        await clock.UntilArmedAsync(FileWatch.DefaultPause);
        clock.Advance(FileWatch.DefaultPause);

        Assert.Contains("late", gateway.Host.State.Current.Presets.Names, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Presets_that_change_together_with_the_configuration_do_not_bring_the_old_one_back()
    {
        await using var gateway = await TestGateway.StartAsync();
        var config = gateway.Host.State.Current.Config;
        for (var round = 0; round < 50; round++)
        {
            var changed = config with { LogBodies = !config.LogBodies };
            Parallel.Invoke(() => gateway.Host.Reload(changed), gateway.Host.ReloadPresets);

            Assert.Same(changed, gateway.Host.State.Current.Config);
        }
    }
}
