using Tuppence.Configuration;
using Tuppence.Exchange;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P3: a GET changes nothing, wherever it goes, and no connection is upgraded to another protocol.</summary>
public sealed class P03_No_state_changes_by_GET
{
    /// <summary>Every surface of the route table with targets of its own.</summary>
    private static readonly Dictionary<Surface, string[]> Targets = new()
    {
        [Surface.FrontPage] = ["/", "/?reload=true"],
        [Surface.Health] = ["/health"],
        [Surface.Docs] = ["/docs/configuration.md", "/docs/none.md"],
        [Surface.SignIn] = ["/auth/login", "/auth/login?upstream=work&flow=device", "/auth/login?flow=0123", "/auth/status", "/auth/status?format=json", "/auth/logout", "/auth/logout?upstream=work"],
        [Surface.Cache] = ["/tuppence/cache", "/tuppence/cache?clear=true"],
        [Surface.DashboardApp] = ["/tuppence/app/dashboard.js", "/tuppence/app/none.js"],
        [Surface.DashboardApi] =
        [
            "/tuppence/api/session", "/tuppence/api/session?key=x", "/tuppence/api/overview?range=month", "/tuppence/api/requests", "/tuppence/api/requests/none", "/tuppence/api/conversations/none",
            "/tuppence/api/conversations/none/level?level=off", "/tuppence/api/settings/undo", "/tuppence/api/presets", "/tuppence/api/presets/story/try", "/tuppence/api/upstreams/upstream/test", "/tuppence/api/none",
        ],
        [Surface.Asset] = ["/favicon.ico", "/favicon.svg"],
        [Surface.Messages] = ["/v1/messages", "//messages", "/v1/story/messages", "/v1/messages?dry-run=true"],
        [Surface.CountTokens] = ["/v1/messages/count_tokens", "/v1/story/messages/count_tokens"],
        [Surface.Relay] = ["/v1/models", "/v1/story/models", "/v1/files/file_1/content", "/v1/messages/batches/b/results", "/emulator/faults", "/anything?delete=all"],
    };

    [Fact]
    public void Every_surface_is_tried() => Assert.Equal(Enum.GetValues<Surface>().Order(), Targets.Keys.Order());

    [Fact]
    public async Task Twice_asked_every_endpoint_leaves_all_files_as_they_were()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, presets: ("story", """{"system":"Tell."}"""));
        await File.WriteAllTextAsync(Path.Combine(gateway.Directory, "tuppence.json"), "{}", TestContext.Current.CancellationToken);
        var before = Snapshot(gateway.Directory);
        var (config, presets) = (gateway.Host.State.Current.Config, gateway.Host.State.Current.Presets);

        foreach (var target in Targets.Values.SelectMany(static targets => targets))
        {
            var first = await gateway.SendAsync(RawClient.Get(target));
            var second = await gateway.SendAsync(RawClient.Get(target));

            Assert.Equal(first.Status, second.Status);
            Assert.True(first.Status < 500, $"{target}: {first.Status}");
        }

        Assert.Equal(before, Snapshot(gateway.Directory));
        Assert.Same(config, gateway.Host.State.Current.Config);
        Assert.Same(presets, gateway.Host.State.Current.Presets);
        Assert.NotEmpty(upstream.Calls);
        Assert.All(upstream.Calls, static call => Assert.StartsWith("GET ", call.RequestLine, StringComparison.Ordinal));
        Assert.All(upstream.Calls, static call => Assert.Empty(call.Body));
    }

    [Fact]
    public async Task Our_own_pages_take_no_other_method()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);
        foreach (var target in new[] { "/", "/health", "/docs/configuration.md", "/favicon.ico" })
        {
            foreach (var method in new[] { "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND" })
            {
                var answer = await gateway.SendAsync($"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n");
                Assert.Equal((405, "GET, HEAD"), (answer.Status, answer["Allow"]));
            }
        }

        Assert.Empty(upstream.Calls);
    }

    [Fact]
    public async Task Nobody_is_signed_in_or_out_by_GET()
    {
        await using var scene = new IssuerScene();
        var grant = scene.Keeper.Grants["work"] = P21_Logging_out_revokes.Grant(scene.Server.Issuer);
        await using var gateway = await TestGateway.StartWithAsync(scene.Keeper, config => config with
        {
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["work"] = scene.Server.Upstream() },
        });
        foreach (var target in Targets[Surface.SignIn])
        {
            foreach (var method in new[] { "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH" })
            {
                var answer = await gateway.SendAsync($"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n");

                Assert.Contains(answer.Status, new[] { 200, 405 });
                Assert.Equal(answer.Status == 405, answer["Allow"] is not null);
            }
        }

        Assert.Same(grant, Assert.Single(scene.Keeper.Grants).Value);
        Assert.Empty(scene.Server.Calls);
    }

    [Theory]
    [InlineData("GET /v1/models", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")]
    [InlineData("GET /", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")]
    [InlineData("GET /v1/models", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n")]
    [InlineData("GET /v1/models", "Upgrade: anything\r\n")]
    [InlineData("POST /v1/messages", "Connection: upgrade\r\nUpgrade: websocket\r\nContent-Type: application/json\r\n")]
    [InlineData("TRACE /v1/models", "")]
    public async Task No_protocol_is_switched_and_nothing_is_traced(string start, string headers)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);
        using var client = await RawClient.ConnectAsync(gateway.Port);

        await client.SendAsync($"{start} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");

        Assert.Contains((await client.ReadAsync()).Status, new[] { 400, 405 });
        Assert.Empty(upstream.Calls);
    }

    private static Dictionary<string, string> Snapshot(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .ToDictionary(static file => file, static file => Convert.ToHexString(File.ReadAllBytes(file)) + File.GetLastWriteTimeUtc(file).Ticks, StringComparer.Ordinal);
}
