using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Unit.Upstreams;

public sealed class KeyFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("tuppence-key-").FullName;

    private string Path => System.IO.Path.Combine(directory, "key");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task The_key_is_the_trimmed_content_and_a_change_is_seen()
    {
        var key = new KeyFile(Path);
        File.WriteAllText(Path, "  sk-ant-one\n");
        Assert.Equal("sk-ant-one", (await GetAsync(key)).Secret?.Reveal());

        File.WriteAllText(Path, "sk-ant-two");
        File.SetLastWriteTimeUtc(Path, File.GetLastWriteTimeUtc(Path).AddSeconds(1));
        Assert.Equal("sk-ant-two", (await GetAsync(key)).Secret?.Reveal());
    }

    [Fact]
    public async Task A_replacement_with_the_same_time_is_seen_once_the_old_key_was_refused()
    {
        var key = new KeyFile(Path);
        File.WriteAllText(Path, "sk-ant-one");
        var written = File.GetLastWriteTimeUtc(Path);
        await GetAsync(key);
        File.WriteAllText(Path, "sk-ant-two");
        File.SetLastWriteTimeUtc(Path, written);

        key.Refused();

        Assert.Equal("sk-ant-two", (await GetAsync(key)).Secret?.Reveal());
    }

    [Theory]
    [InlineData(null, "does not exist")]
    [InlineData("", "is empty")]
    [InlineData(" \n ", "is empty")]
    [InlineData("sk-ant-canary\nsk-ant-canary", "more than one line")]
    [InlineData("sk-ant-canary\r\nX-Injected: 1", "more than one line")]
    public async Task What_is_no_key_is_said_without_showing_it(string? content, string problem)
    {
        if (content is not null)
        {
            File.WriteAllText(Path, content);
        }

        AssertProblem(await GetAsync(new KeyFile(Path)), problem);
    }

    [Fact]
    public async Task A_large_file_or_a_folder_is_no_key()
    {
        File.WriteAllText(Path, new string('k', 70_000));
        AssertProblem(await GetAsync(new KeyFile(Path)), "larger than 64 KB");
        AssertProblem(await GetAsync(new KeyFile(directory)), "does not exist");
    }

    [Fact]
    public async Task A_file_that_went_away_gives_no_old_key()
    {
        var key = new KeyFile(Path);
        File.WriteAllText(Path, "sk-ant-one");
        await GetAsync(key);
        File.Delete(Path);

        AssertProblem(await GetAsync(key), "does not exist");
    }

    private static ValueTask<CredentialResult> GetAsync(KeyFile key) => key.GetAsync(TestContext.Current.CancellationToken);

    private static void AssertProblem(CredentialResult result, string problem)
    {
        Assert.Null(result.Secret);
        Assert.Contains(problem, result.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", result.Problem, StringComparison.Ordinal);
    }
}
