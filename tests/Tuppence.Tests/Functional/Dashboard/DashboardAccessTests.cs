using Microsoft.Extensions.Time.Testing;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional.Dashboard;

/// <summary>Who may see and change what the dashboard shows.</summary>
public sealed class DashboardAccessTests
{
    private const string Key = "a-long-random-value";

    private static readonly string[] Reads = ["session", "overview", "requests", "requests/none", "conversations", "conversations/none", "settings", "presets", "presets/assistant", "models", "upstreams/emulator/test", "export?format=csv"];

    private static readonly (string Method, string Path)[] Changes =
    [
        ("POST", "session"), ("DELETE", "session"), ("POST", "settings"), ("POST", "settings/check"), ("POST", "settings/undo"), ("PUT", "presets/mine"), ("DELETE", "presets/mine"),
        ("POST", "presets/mine/try"), ("PUT", "conversations/none/level"), ("POST", "upstreams/emulator/test"),
    ];

    [Fact]
    public async Task On_loopback_without_keys_it_works_without_a_sign_in()
    {
        await using var gateway = await TestGateway.StartAsync();

        var session = await gateway.GetJsonAsync("session");

        Assert.False(session.GetProperty("needsKey").GetBoolean());
        Assert.True(session.GetProperty("signedIn").GetBoolean());
        foreach (var path in Reads)
        {
            Assert.Contains((await gateway.AskAsync(path)).Status, new[] { 200, 404 });
        }
    }

    [Fact]
    public async Task With_keys_nothing_is_told_without_a_session_or_a_key()
    {
        await using var gateway = await TestGateway.StartAsync(config => config with { GatewayKeys = [new Secret(Key)] });
        foreach (var path in Reads.Skip(1).Append("live"))
        {
            var answer = await gateway.AskAsync(path);
            Assert.Equal(401, answer.Status);
            Assert.DoesNotContain("emulator", answer.Text, StringComparison.Ordinal);
        }

        foreach (var (method, path) in Changes.Skip(2))
        {
            Assert.Equal(401, (await gateway.TellAsync(method, path)).Status);
        }

        Assert.Equal(200, (await gateway.AskAsync("overview", $"x-api-key: {Key}\r\n")).Status);
        Assert.Equal(401, (await gateway.AskAsync("overview", "x-api-key: another\r\n")).Status);
    }

    [Fact]
    public async Task A_session_begins_with_a_key_and_ends_when_it_is_signed_out()
    {
        await using var gateway = await TestGateway.StartAsync(config => config with { GatewayKeys = [new Secret(Key)] });

        var answer = await gateway.TellAsync("POST", "session", $$"""{"key":"{{Key}}"}""");

        Assert.Equal(200, answer.Status);
        var cookie = answer["Set-Cookie"]!;
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/tuppence/api/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Key, cookie, StringComparison.Ordinal);
        var line = $"Cookie: {cookie.Split(';')[0]}\r\n";
        Assert.True((await gateway.GetJsonAsync("session", line)).GetProperty("signedIn").GetBoolean());
        Assert.Equal(200, (await gateway.AskAsync("overview", line)).Status);

        Assert.Equal(204, (await gateway.TellAsync("DELETE", "session", headers: DashboardClient.Own + line)).Status);

        Assert.Equal(401, (await gateway.AskAsync("overview", line)).Status);
        Assert.False((await gateway.GetJsonAsync("session", line)).GetProperty("signedIn").GetBoolean());
    }

    [Fact]
    public async Task A_session_ends_with_its_key_and_with_time()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var gateway = await TestGateway.StartAsync(config => config with { GatewayKeys = [new Secret(Key)] }, time);
        var first = await CookieAsync(gateway);
        Assert.Equal(200, (await gateway.AskAsync("overview", first)).Status);

        time.Advance(TimeSpan.FromHours(12));
        Assert.Equal(401, (await gateway.AskAsync("overview", first)).Status);

        var second = await CookieAsync(gateway);
        gateway.Host.Reload(gateway.Host.State.Current.Config with { GatewayKeys = [new Secret("another-long-value")] });
        Assert.Equal(401, (await gateway.AskAsync("overview", second)).Status);
    }

    [Fact]
    public async Task Guessing_keys_is_slowed()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var gateway = await TestGateway.StartAsync(config => config with { GatewayKeys = [new Secret(Key)] }, time);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(401, (await gateway.TellAsync("POST", "session", """{"key":"wrong"}""")).Status);
        }

        // Even the right one has to wait, else the wait would tell which it is.
        var answer = await gateway.TellAsync("POST", "session", $$"""{"key":"{{Key}}"}""");
        Assert.Equal((429, "1"), (answer.Status, answer["Retry-After"]));

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await gateway.TellAsync("POST", "session", $$"""{"key":"{{Key}}"}""")).Status);
    }

    [Theory]
    [InlineData("Origin: http://evil.example\r\n")]
    [InlineData("Origin: null\r\n")]
    [InlineData("Origin: http://localhost:8000\r\n")]
    [InlineData("Origin: https://localhost\r\n")]
    [InlineData("Origin: https://chat.example\r\n")]
    [InlineData("Origin: http://localhost\r\nSec-Fetch-Site: same-site\r\n")]
    [InlineData("Origin: http://localhost\r\nSec-Fetch-Site: none\r\n")]
    [InlineData("Origin: http://localhost\r\nSec-Fetch-Site: cross-site\r\n")]
    [InlineData("Sec-Fetch-Site: same-origin\r\n")]
    [InlineData("")]
    public async Task What_changes_something_must_come_from_our_own_page(string headers)
    {
        await using var gateway = await TestGateway.StartAsync(config => config with { AllowedOrigins = ["https://chat.example"] });
        foreach (var (method, path) in Changes)
        {
            var answer = await gateway.TellAsync(method, path, headers: headers);
            Assert.True(answer.Status == 403, $"{answer.Status} {method} {path} {headers}");
            Assert.Null(answer["Access-Control-Allow-Origin"]);
        }

        Assert.False(Directory.Exists(Path.Combine(gateway.Directory, "presets", "mine.json")));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=b")]
    public async Task A_form_post_gets_nothing(string type)
    {
        await using var gateway = await TestGateway.StartAsync();
        foreach (var (method, path) in Changes)
        {
            Assert.Equal(415, (await gateway.TellAsync(method, path, type: type)).Status);
        }
    }

    [Fact]
    public async Task An_allowed_origin_may_use_the_API_and_never_the_dashboard()
    {
        await using var gateway = await TestGateway.StartAsync(config => config with { AllowedOrigins = ["https://chat.example"] });
        const string Foreign = "Origin: https://chat.example\r\nSec-Fetch-Site: cross-site\r\n";
        foreach (var path in Reads.Select(static path => "/tuppence/api/" + path).Append("/tuppence/app/dashboard.js"))
        {
            var answer = await gateway.SendAsync(RawClient.Get(path, Foreign));
            Assert.Equal((403, null), (answer.Status, answer["Access-Control-Allow-Origin"]));
        }

        var asked = await gateway.SendAsync($"OPTIONS /tuppence/api/settings HTTP/1.1\r\nHost: localhost\r\n{Foreign}Access-Control-Request-Method: POST\r\n\r\n");
        Assert.Equal((403, null), (asked.Status, asked["Access-Control-Allow-Origin"]));
        Assert.Equal(200, (await gateway.SendAsync(RawClient.Get("/v1/models", Foreign))).Status);
    }

    [Fact]
    public async Task A_rebinding_host_gets_nothing()
    {
        await using var gateway = await TestGateway.StartAsync();
        foreach (var path in Reads)
        {
            var answer = await gateway.SendAsync($"GET /tuppence/api/{path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
            Assert.Equal(421, answer.Status);
        }
    }

    [Fact]
    public async Task Behind_TLS_the_public_url_is_our_own_origin()
    {
        await using var gateway = await TestGateway.StartAsync(config => config with { PublicUrl = "https://tuppence.example", AllowedHosts = ["tuppence.example"], GatewayKeys = [new Secret(Key)] });

        var body = $$"""{"key":"{{Key}}"}""";
        var answer = await gateway.SendAsync($"POST /tuppence/api/session HTTP/1.1\r\nHost: tuppence.example\r\nConnection: close\r\nOrigin: https://tuppence.example\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        Assert.Equal(200, answer.Status);
        Assert.Contains("secure", answer["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("PATCH", "settings", "GET, POST")]
    [InlineData("POST", "overview", "GET")]
    [InlineData("OPTIONS", "session", "GET, POST, DELETE")]
    public async Task Another_method_is_told_which_there_are(string method, string path, string allow)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.TellAsync(method, path);

        Assert.Equal((405, allow), (answer.Status, answer["Allow"]));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("")]
    [InlineData("session/more")]
    [InlineData("requests/a/b")]
    public async Task An_unknown_path_is_told_so_and_goes_nowhere(string path)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);

        Assert.Equal(404, (await gateway.AskAsync(path)).Status);
        Assert.Empty(upstream.Calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("\"text\"")]
    public async Task A_body_that_is_no_object_is_refused(string body)
    {
        await using var gateway = await TestGateway.StartFromFileAsync("{}");
        foreach (var (method, path) in Changes.Where(static change => change.Path is not ("settings/undo") && change is not ("DELETE", "session")))
        {
            var answer = await gateway.TellAsync(method, path, body);
            Assert.True(answer.Status == 400, $"{answer.Status} {method} {path}");
        }
    }

    private static async Task<string> CookieAsync(TestGateway gateway) =>
        $"Cookie: {(await gateway.TellAsync("POST", "session", $$"""{"key":"{{Key}}"}"""))["Set-Cookie"]!.Split(';')[0]}\r\n";
}
