using Tuppence.Commands;
using Tuppence.Configuration;
using Tuppence.Configuration.Loading;
using Tuppence.Tests.Scenes;
using Tuppence.Tests.Unit.Configuration;
using Tuppence.Thrift;

namespace Tuppence.Tests.Functional.Accounting;

/// <summary><c>tuppence reconcile</c>, from a gateway's ledger and the emulator's report to the list of differences.</summary>
public sealed class ReconcileCommandTests : IDisposable
{
    private const string AdminKey = "sk-ant-admin-0123456789abcdef";

    private readonly Scene scene = new();
    private readonly StringWriter output = new() { NewLine = "\n" };
    private readonly StringWriter error = new() { NewLine = "\n" };

    public void Dispose() => scene.Dispose();

    [Fact]
    public async Task A_ledger_that_saw_everything_has_no_difference_and_one_that_did_not_is_told_what()
    {
        var state = Path.Combine(scene.WorkingDirectory, "state");
        await using var emulator = await EmulatorHost.StartAsync();
        await using (var gateway = await TestGateway.StartAsync(config => config with
        {
            StateDirectory = state,
            Upstream = "anthropic",
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["anthropic"] = new() { Url = emulator.Url.ToString() } },
            Cache = new CacheConfig { Level = CacheLevel.Off },
        }))
        {
            foreach (var model in (string[])["claude-haiku-4-5", "claude-opus-5-5"])
            {
                using var queued = await emulator.PostAsync("/emulator/replies", """{"text":"Found.","server_tool_use":{"web_search_requests":2}}""");
                Assert.Equal(200, (await gateway.PostAsync(Body(model))).Status);
                Assert.Equal(200, (await gateway.PostAsync(Body(model))).Status);
            }

            await gateway.UntilIdleAsync();
            await gateway.Host.State.Ledger.FlushAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(ExitCode.Success, await RunAsync(emulator, state));
        Assert.EndsWith("no difference.\n", output.ToString(), StringComparison.Ordinal);

        using var past = await emulator.PostAsync("/v1/messages", Body("claude-haiku-4-5"));
        Assert.True(past.IsSuccessStatusCode);
        await past.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        output.GetStringBuilder().Clear();

        Assert.Equal(ExitCode.Failure, await RunAsync(emulator, state));
        var text = output.ToString();
        Assert.Contains("claude-haiku-4-5-20251001\n  input tokens ", text, StringComparison.Ordinal);
        Assert.Contains("3 figures differ.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("opus", text, StringComparison.Ordinal);
        Assert.DoesNotContain(AdminKey, text + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_admin_key_it_says_how_to_set_one()
    {
        await using var emulator = await EmulatorHost.StartAsync();
        Assert.Equal(ExitCode.Failure, await RunAsync(emulator, scene.WorkingDirectory, key: null));
        Assert.Contains("TUPPENCE_ADMIN_KEY", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_no_admin_key_is_refused_with_the_reason()
    {
        var state = Path.Combine(scene.WorkingDirectory, "state");
        Directory.CreateDirectory(state);
        await File.WriteAllTextAsync(Path.Combine(state, "ledger.db"), "", TestContext.Current.CancellationToken);
        await using var emulator = await EmulatorHost.StartAsync();
        Assert.Equal(ExitCode.Failure, await RunAsync(emulator, state, key: "sk-ant-api-not-of-an-admin"));
        Assert.Contains("401", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sk-ant-api-not-of-an-admin", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--from", "yesterday")]
    [InlineData("--from", "2999-01-01")]
    public async Task Days_that_make_no_sense_are_refused(string flag, string value)
    {
        await using var emulator = await EmulatorHost.StartAsync();
        Assert.Equal(ExitCode.Usage, await RunAsync(emulator, scene.WorkingDirectory, AdminKey, flag, value));
    }

    private async Task<int> RunAsync(EmulatorHost emulator, string state, string? key = AdminKey, params string[] more)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        await File.WriteAllTextAsync(Path.Combine(scene.WorkingDirectory, "tuppence.json"), $$"""
            {"state_directory":"{{state}}","upstreams":{"anthropic":{"url":"{{emulator.Url}}"} }{{(key is null ? "" : $",\"admin_key\":\"{key}\"")}} }
            """, TestContext.Current.CancellationToken);
        string[] args = more.Length > 0 ? ["reconcile", .. more] : ["reconcile", "--from", $"{today.AddDays(-40):yyyy-MM-dd}", "--until", $"{today.AddDays(2):yyyy-MM-dd}"];
        var line = new CommandLine(new NoHosts(), new Terminal(output, error), scene.Surroundings, TimeProvider.System);
        return await line.RunAsync(args, TestContext.Current.CancellationToken);
    }

    private sealed class NoHosts : IHosts
    {
        public Task<int> ServeAsync(LoadedConfiguration configuration, ConfigurationSource source, CancellationToken stop) => throw new InvalidOperationException("Nothing is to be served.");

        public Task<int> EmulateAsync(EmulateSettings settings, CancellationToken stop) => throw new InvalidOperationException("Nothing is to be emulated.");
    }

    private static string Body(string model) => $$"""{"model":"{{model}}","max_tokens":100,"messages":[{"role":"user","content":"Hello there."}]}""";
}
