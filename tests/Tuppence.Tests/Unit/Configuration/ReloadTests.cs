using Microsoft.Extensions.Time.Testing;
using Tuppence.Configuration;

namespace Tuppence.Tests.Unit.Configuration;

public sealed class ReloadTests : IDisposable
{
    private readonly Scene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    public void Options_that_need_a_restart_stay_and_say_so()
    {
        var source = scene.File("""{ "port": 1000, "log_level": "info" }""").Source();
        source.Load();
        scene.File("""{ "port": 2000, "log_level": "debug" }""");
        var loaded = source.Load().Loaded!;

        Assert.Equal((1000, LogVerbosity.Debug), (loaded.Config.Port, loaded.Config.LogLevel));
        Assert.Equal("port needs a restart to become 2000; it stays 1000 (tuppence.json:1:11).", Assert.Single(loaded.Warnings));
        Assert.Same(loaded, source.Current);
    }

    [Fact]
    public void A_wrong_file_leaves_the_last_good_configuration()
    {
        var source = scene.File("""{ "log_level": "debug" }""").Source();
        var first = source.Load().Loaded;
        scene.File("""{ "log_level": "loud" }""");

        Assert.Single(source.Load().Errors);
        Assert.Same(first, source.Current);
    }

    [Fact]
    public void The_environment_and_flags_still_win_after_a_reload()
    {
        var source = scene.File("""{ "log_level": "info" }""").Flag("--log-level", "log_level", "error").Source();
        source.Load();
        scene.File("""{ "log_level": "debug" }""");
        Assert.Equal(LogVerbosity.Error, source.Load().Loaded!.Config.LogLevel);
    }

    [Fact]
    public void A_watch_waits_until_changes_have_paused()
    {
        var time = new FakeTimeProvider();
        var calls = 0;
        using var watch = new FileWatch(Path.Combine(scene.WorkingDirectory, "nothing-here"), time, () => calls++);

        watch.Notice();
        time.Advance(TimeSpan.FromMilliseconds(150));
        watch.Notice();
        time.Advance(TimeSpan.FromMilliseconds(150));
        Assert.Equal(0, calls);
        time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(1, calls);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void A_disposed_watch_is_silent()
    {
        var time = new FakeTimeProvider();
        var calls = 0;
        var watch = new FileWatch(scene.WorkingDirectory, time, () => calls++);
        watch.Notice();
        watch.Dispose();
        watch.Notice();
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, calls);
    }
}
