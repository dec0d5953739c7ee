using Tuppence.Upstreams.ClaudeCode.Processes;

namespace Tuppence.Tests.Unit.ClaudeCode;

public sealed class NeutralFolderTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("tuppence-neutral-").FullName;

    [Fact]
    public void It_is_made_private_and_is_the_same_each_time()
    {
        var (path, words) = NeutralFolder.Prepare(null, root);

        Assert.Equal((Path.Combine(root, "tuppence"), ""), (path, words));
        Assert.Equal("700", Mode(path!));
        Assert.Equal(path, NeutralFolder.Prepare(null, root).Path, StringComparer.Ordinal);
    }

    [Fact]
    public void One_that_holds_something_is_left_as_it_is()
    {
        var taken = Directory.CreateDirectory(Path.Combine(root, "tuppence")).FullName;
        File.WriteAllText(Path.Combine(taken, "CLAUDE.md"), "be someone else");
        var mode = Mode(taken);

        Assert.Equal(Path.Combine(root, "tuppence-2"), NeutralFolder.Prepare(null, root).Path, StringComparer.Ordinal);
        Assert.Equal(mode, Mode(taken));
    }

    [Fact]
    public void A_link_is_not_followed()
    {
        Directory.CreateSymbolicLink(Path.Combine(root, "tuppence"), Directory.CreateDirectory(Path.Combine(root, "elsewhere")).FullName);

        Assert.Equal(Path.Combine(root, "tuppence-2"), NeutralFolder.Prepare(null, root).Path, StringComparer.Ordinal);
    }

    [Fact]
    public void A_configured_one_that_is_not_empty_is_told()
    {
        File.WriteAllText(Path.Combine(root, "notes.txt"), "");

        Assert.Equal((null, $"The folder “{root}” is not empty. The Claude Code program is to run where it finds nothing: empty it."), NeutralFolder.Prepare(root));
    }

    [Fact]
    public void One_that_cannot_be_made_is_told()
    {
        var file = Path.Combine(root, "file");
        File.WriteAllText(file, "");

        var (path, words) = NeutralFolder.Prepare(Path.Combine(file, "folder"));

        Assert.Null(path);
        Assert.StartsWith($"The folder “{Path.Combine(file, "folder")}” cannot be used: ", words, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private static string Mode(string path) => OperatingSystem.IsWindows() ? "700" : Convert.ToString((int)File.GetUnixFileMode(path), 8);
}
