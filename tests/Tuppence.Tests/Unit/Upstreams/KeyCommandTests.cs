using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Unit.Upstreams;

public sealed class KeyCommandTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("tuppence-key-").FullName;
    private readonly GatewayClock time = new();

    private string Runs => Path.Combine(directory, "runs");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task It_runs_once_for_many_who_ask_at_once_and_its_answer_is_kept_five_minutes()
    {
        using var key = Shell($"echo x >> '{Runs}'; echo ' sk-ant-printed '");

        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync(key)));
        Assert.All(all, result => Assert.Equal("sk-ant-printed", result.Secret?.Reveal()));
        Assert.Single(File.ReadAllLines(Runs));

        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        await GetAsync(key);
        Assert.Single(File.ReadAllLines(Runs));
        time.Advance(TimeSpan.FromTicks(1));
        await GetAsync(key);
        Assert.Equal(2, File.ReadAllLines(Runs).Length);
    }

    [Fact]
    public async Task It_runs_again_once_its_key_was_refused()
    {
        using var key = Shell($"echo x >> '{Runs}'; wc -l < '{Runs}'");
        Assert.Equal("1", (await GetAsync(key)).Secret?.Reveal());

        key.Refused();

        Assert.Equal("2", (await GetAsync(key)).Secret?.Reveal());
    }

    [Theory]
    [InlineData("""{"access_token":"TOKEN","expires_in":1000,"token_type":"Bearer"}""", 940)]
    [InlineData("""{"token":"TOKEN","expires_in":"1000"}""", 940)]
    [InlineData("""{"token":"TOKEN","expires_at":"2000-01-01T00:16:40Z"}""", 940)]
    [InlineData("""{"access_token":"TOKEN","expiry":"2000-01-01T02:16:40.000+02:00"}""", 940)]
    [InlineData("""{"access_token":"TOKEN","expires_at":946685800}""", 940)]
    [InlineData("""{"access_token":"TOKEN","expires_in":20}""", 18)]
    [InlineData("""{"access_token":"TOKEN"}""", 300)]
    // {"exp":946685800}
    [InlineData("e30.eyJleHAiOjk0NjY4NTgwMH0.TOKEN", 940)]
    [InlineData("""{"token":"e30.eyJleHAiOjk0NjY4NTgwMH0.TOKEN"}""", 940)]
    [InlineData("ya29.TOKEN", 300)]
    public async Task What_says_when_it_expires_is_kept_until_shortly_before(string printed, int seconds)
    {
        await File.WriteAllTextAsync(Path.Combine(directory, "printed"), "  " + printed + "\n", TestContext.Current.CancellationToken);
        using var key = Shell($"echo x >> '{Runs}'; cat '{directory}/printed'");

        var first = await GetAsync(key);
        Assert.EndsWith("TOKEN", first.Secret?.Reveal(), StringComparison.Ordinal);
        Assert.DoesNotContain("{", first.Secret?.Reveal(), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        Assert.Equal(first.Secret, (await GetAsync(key)).Secret);
        Assert.Single(File.ReadAllLines(Runs));
        time.Advance(TimeSpan.FromTicks(1));
        await GetAsync(key);
        Assert.Equal(2, File.ReadAllLines(Runs).Length);
    }

    [Theory]
    [InlineData("""echo '{"canary":1}'""", "or JSON with the member access_token or token")]
    [InlineData("""echo '{"token":"canary"'""", "or JSON with the member access_token or token")]
    [InlineData("""printf '{"token":"canary\\nX: 1"}'""", "or JSON with the member access_token or token")]
    [InlineData("""echo '{"token":"canary","expires_at":"1999-12-31T23:59:59Z"}'""", "printed a token that has expired already")]
    public async Task JSON_without_a_usable_token_is_told_without_what_was_printed(string script, string problem)
    {
        using var key = Shell(script);

        AssertProblem(await GetAsync(key), problem);
    }

    [Theory]
    [InlineData("echo canary; exit 3", "exit code 3")]
    [InlineData("echo canary >&2", "must print the key and nothing else")]
    [InlineData("echo canary; echo canary", "on one line")]
    [InlineData("printf 'canary\\rX: 1'", "on one line")]
    public async Task What_goes_wrong_is_said_without_what_was_printed(string script, string problem)
    {
        using var key = Shell(script);

        AssertProblem(await GetAsync(key), problem);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named_without_its_arguments()
    {
        using var key = new KeyCommand(["no-such-program-here", "--token=canary"], time);

        AssertProblem(await GetAsync(key), "“no-such-program-here” cannot be run");
    }

    [Fact]
    public async Task A_talkative_program_does_not_block()
    {
        using var key = Shell("head -c 300000 /dev/zero >&2; echo sk-ant-printed");

        Assert.Equal("sk-ant-printed", (await GetAsync(key)).Secret?.Reveal());
    }

    [Fact]
    public async Task One_that_hangs_is_ended_after_half_a_minute()
    {
        using var key = Shell("tail -f /dev/null & wait");
        var getting = GetAsync(key);
        await time.UntilArmedAsync(TimeSpan.FromSeconds(30));

        time.Advance(TimeSpan.FromSeconds(30));

        AssertProblem(await getting, "did not end within 30 s");
    }

    private KeyCommand Shell(string script) => new(["/bin/sh", "-c", script], time);

    private static Task<CredentialResult> GetAsync(KeyCommand key) => key.GetAsync(TestContext.Current.CancellationToken).AsTask();

    private static void AssertProblem(CredentialResult result, string problem)
    {
        Assert.Null(result.Secret);
        Assert.Contains(problem, result.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", result.Problem, StringComparison.Ordinal);
    }
}
