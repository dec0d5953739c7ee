using System.Threading.Channels;
using Tuppence.Configuration;
using Tuppence.Configuration.Loading;
using Tuppence.Tests.Unit.Configuration;

namespace Tuppence.Tests.Functional.Configuration;

public sealed class WatchTests : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Scene scene = new();
    private readonly Channel<bool> calls = Channel.CreateUnbounded<bool>();

    public void Dispose() => scene.Dispose();

    [Fact]
    public async Task A_saved_file_is_taken_without_a_restart()
    {
        var source = scene.File("""{ "log_level": "info" }""").Source();
        source.Load();
        var changes = Channel.CreateUnbounded<LoadedConfiguration>();
        using var watch = source.Watch(loaded => changes.Writer.TryWrite(loaded), errors => changes.Writer.TryComplete(new InvalidDataException(errors[0].Problem)));

        scene.File("""{ "log_level": "trace" }""");
        Assert.Equal(LogVerbosity.Trace, (await changes.Reader.ReadAsync(Limit())).Config.LogLevel);
    }

    [Fact]
    public async Task A_wrong_file_is_reported_and_a_right_one_after_it_taken()
    {
        var source = scene.File("{}").Source();
        source.Load();
        var seen = Channel.CreateUnbounded<object>();
        using var watch = source.Watch(loaded => seen.Writer.TryWrite(loaded), errors => seen.Writer.TryWrite(errors));

        scene.File("""{ "prot": 1 }""");
        var errors = Assert.IsType<IReadOnlyList<ConfigError>>(await seen.Reader.ReadAsync(Limit()), exactMatch: false);
        Assert.Equal("Did you mean port?", errors[0].Remedy);

        scene.File("""{ "log_level": "warn" }""");
        Assert.IsType<LoadedConfiguration>(await seen.Reader.ReadAsync(Limit()));
    }

    [Fact]
    public async Task Without_a_file_there_is_nothing_to_watch_until_one_is_made()
    {
        var source = scene.Source();
        source.Load();
        var seen = Channel.CreateUnbounded<LoadedConfiguration>();
        using var watch = source.Watch(loaded => seen.Writer.TryWrite(loaded), _ => { });
        Assert.Equal(Path.Combine(scene.WorkingDirectory, "tuppence.json"), source.FileToWrite);

        scene.File("""{ "log_level": "warn" }""");
        source.Made();

        Assert.Equal(LogVerbosity.Warn, (await seen.Reader.ReadAsync(Limit())).Config.LogLevel);
        scene.File("""{ "log_level": "error" }""");
        LoadedConfiguration next;
        do
        {
            next = await seen.Reader.ReadAsync(Limit());
        }
        while (next.Config.LogLevel != LogVerbosity.Error);
    }

    [Fact]
    public async Task An_editor_may_replace_the_file_by_another()
    {
        scene.File("{}").File("{}", "other");
        using var watch = Watch("tuppence.json");
        for (var round = 0; round < 3; round++)
        {
            scene.File($"{{ }} // {round}", "tuppence.json~");
            File.Move(Path.Combine(scene.WorkingDirectory, "tuppence.json~"), Path.Combine(scene.WorkingDirectory, "tuppence.json"), overwrite: true);
            await calls.Reader.ReadAsync(Limit());
        }
    }

    [Fact]
    public async Task A_mounted_link_may_be_swapped()
    {
        scene.File("{}", "..one/tuppence.json").File("{}", "..two/tuppence.json");
        var data = Path.Combine(scene.WorkingDirectory, "..data");
        Directory.CreateSymbolicLink(data, "..one");
        File.CreateSymbolicLink(Path.Combine(scene.WorkingDirectory, "tuppence.json"), Path.Combine("..data", "tuppence.json"));
        using var watch = Watch("tuppence.json");

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, "..two");
        await calls.Reader.ReadAsync(Limit());
    }

    [Fact]
    public async Task A_folder_may_come_after_the_watch_and_go_and_come_again()
    {
        using var watch = Watch("later/presets");
        var folder = Path.Combine(scene.WorkingDirectory, "later", "presets");
        for (var round = 0; round < 3; round++)
        {
            scene.File("{}", "later/presets/first.json");
            await ToldOfAsync(() => File.Exists(Path.Combine(folder, "first.json")));

            scene.File("{}", "later/presets/second.json");
            await ToldOfAsync(() => File.Exists(Path.Combine(folder, "second.json")));

            Directory.Delete(Path.Combine(scene.WorkingDirectory, "later"), recursive: true);
            await ToldOfAsync(() => !Directory.Exists(folder));
        }
    }

    // Reads what there is at each call, as a subscriber does, until it has seen the change. One change may be told of twice.
    private async Task ToldOfAsync(Func<bool> change)
    {
        do
        {
            await calls.Reader.ReadAsync(Limit());
        }
        while (!change());
    }

    private FileWatch Watch(string name) =>
        new(Path.Combine(scene.WorkingDirectory, name), TimeProvider.System, () => calls.Writer.TryWrite(true), Pause);

    private static CancellationToken Limit() =>
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token).Token;
}
