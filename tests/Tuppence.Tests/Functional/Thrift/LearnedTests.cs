using System.Text;
using Tuppence.Caching;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional.Thrift;

/// <summary>What was learned of conversations, over a restart.</summary>
public sealed class LearnedTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tuppence-learned-").FullName;

    private string Kept => Path.Combine(folder, "state", LearnedFile.Name);

    [Fact]
    public async Task A_restart_goes_on_with_what_was_learned()
    {
        await using var upstream = CacheScene.Upstream();
        await using (var before = await StartAsync(upstream, own: true))
        {
            await CacheScene.ChatAsync(before);
            await before.UntilIdleAsync();
        }

        await using var after = await StartAsync(upstream, own: true);
        Assert.Equal(200, (await after.PostAsync(CacheScene.Body(5))).Status);
        await after.UntilIdleAsync();

        Assert.True(after.Host.State.Cache.Accounts!.Recent(1)[0].Recent[0].Planned.Read > 0);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Kept));
        }
    }

    [Fact]
    public async Task Nothing_of_a_clients_own_credential_is_kept()
    {
        await using var upstream = CacheScene.Upstream();
        await using (var gateway = await StartAsync(upstream, own: false))
        {
            await CacheScene.ChatAsync(gateway, headers: "x-api-key: sk-ant-a-secret-of-the-client\r\n");
            await gateway.UntilIdleAsync();
        }

        var bytes = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Kept, TestContext.Current.CancellationToken));
        Assert.DoesNotContain("mine", bytes, StringComparison.Ordinal);
        Assert.True(bytes.Length < 32, "no scope is in it");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not what Tuppence wrote")]
    public async Task A_damaged_file_is_told_once_and_replaced(string content)
    {
        await using var upstream = CacheScene.Upstream();
        await using (await StartAsync(upstream, own: true))
        {
            // Its end makes the file.
        }

        await File.WriteAllTextAsync(Kept, content, TestContext.Current.CancellationToken);
        await using (var gateway = await StartAsync(upstream, own: true))
        {
            await CacheScene.ChatAsync(gateway, count: 2);
            await gateway.UntilIdleAsync();
            Assert.Equal(2, gateway.Log.Split("is learned anew").Length);
        }

        await using var after = await StartAsync(upstream, own: true);
        Assert.DoesNotContain("is learned anew", after.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_kept_unless_it_is_asked_for()
    {
        await using var upstream = CacheScene.Upstream();
        await using (var gateway = await CacheScene.StartAsync(upstream, config => config with { StateDirectory = Path.Combine(folder, "state") }))
        {
            await CacheScene.ChatAsync(gateway, count: 2);
        }

        Assert.False(File.Exists(Kept));
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<TestGateway> StartAsync(ScriptedUpstream upstream, bool own) => CacheScene.StartAsync(
        upstream,
        config => config with
        {
            StateDirectory = Path.Combine(folder, "state"),
            Upstream = "mine",
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["mine"] = new() { Url = upstream.Url, ApiKey = own ? new Secret("a-key-of-the-gateway") : null } },
            Cache = new CacheConfig { Remember = true },
        });
}
