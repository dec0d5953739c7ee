using System.Text;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Promises;

/// <summary>
/// P27 and P28: with the log at TRACE, no credential and no word of a prompt or an answer is in the log, in an error, on a page, or in
/// what a dry run tells of header lines; nothing but presets lies in the gateway's folder.
/// </summary>
public sealed class P27_No_secret_leaves
{
    private const string Canary = "canary-7f3a";
    private const string GatewayKey = "gate-" + Canary;
    private const string OwnKey = "sk-ant-own-" + Canary;
    private const string Configured = "sk-ant-configured-" + Canary;
    private const string Prompt = $$"""{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":"prompt-{{Canary}}"}]}""";
    private const string Key = $"x-api-key: {GatewayKey}\r\n";
    private const string Answer = $$"""{"content":[{"type":"text","text":"answer-{{Canary}}"}]}""";

    public enum Source
    {
        None, Fixed, File, Command, BadFile, BadCommand, FailingCommand,
    }

    [Theory]
    [InlineData(Source.None), InlineData(Source.Fixed), InlineData(Source.File), InlineData(Source.Command), InlineData(Source.BadFile), InlineData(Source.BadCommand), InlineData(Source.FailingCommand)]
    public async Task By_log_error_page_or_dry_run(Source source)
    {
        var folder = Directory.CreateTempSubdirectory("tuppence-canary-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "key"), source == Source.BadFile ? $"{Configured}\n{Configured}" : Configured, TestContext.Current.CancellationToken);
            await using var upstream = ScriptedUpstream.Start(PlayAsync);
            var gateway = await TestGateway.StartAsync(
                config => config with
                {
                    GatewayKeys = [new Secret(GatewayKey)],
                    Upstream = "b",
                    Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["b"] = Upstream(source, upstream.Url, folder.FullName) },
                    Retry = new RetryConfig { MaxRetries = 1, BaseDelay = TimeSpan.FromMilliseconds(1) },
                    Limits = config.Limits with { MaxBodyBytes = 100_000 },
                },
                presets: ("p", """{"system":"Tell."}"""));
            await using (gateway)
            {
                foreach (var (request, mayShow) in Requests)
                {
                    var answer = await gateway.SendAsync(request);
                    var shown = string.Concat(answer.Headers.Select(static line => $"{line.Name}: {line.Value}\n")) + (mayShow ? "" : answer.Text);
                    Assert.False(shown.Contains(Canary, StringComparison.Ordinal), $"{request[..40]}: {shown}");
                }

                await gateway.UntilIdleAsync();
                Assert.DoesNotContain(Directory.EnumerateFiles(gateway.Directory, "*", SearchOption.AllDirectories), static path => File.ReadAllText(path).Contains(Canary, StringComparison.Ordinal));
            }

            Assert.Contains("/v1/messages", gateway.Log, StringComparison.Ordinal);
            Assert.DoesNotContain(gateway.Log.Split('\n'), static line => line.Contains(Canary, StringComparison.Ordinal));
            AssertOnlyItsOwnKeyWentUp(upstream, source);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task By_a_proxy_that_refuses()
    {
        await using var proxy = ScriptedUpstream.Start(static call => call.SendAsync("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"));
        var gateway = await TestGateway.StartAsync(config => config with
        {
            Upstream = "b",
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal)
            {
                ["b"] = new() { Url = "https://upstream.test", Proxy = $"http://127.0.0.1:{proxy.Port}", ProxyCredentials = new Secret($"user:{Canary}"), ApiKey = new Secret(Configured) },
            },
        });
        await using (gateway)
        {
            var answer = await gateway.PostAsync(Prompt);
            Assert.Equal(502, answer.Status);
            Assert.DoesNotContain(Canary, answer.Text, StringComparison.Ordinal);
        }

        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{Canary}")), proxy.Calls[0]["Proxy-Authorization"]);
        Assert.DoesNotContain(Canary, gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(proxy.Calls[0]["Proxy-Authorization"]![6..], gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_signing_in_and_out()
    {
        await using var scene = new IssuerScene();
        var refuses = true;
        scene.Server.Token = call => refuses
            ? call.AnswerAsync(400, $$"""{"error":"invalid_request","error_description":"what is code-{{Canary}} from client-{{Canary}}"}""")
            : call.AnswerAsync(200, $$"""{"access_token":"access-{{Canary}}","refresh_token":"refresh-{{Canary}}","id_token":"{{scene.Server.IdToken()}}","expires_in":60}""");
        var shown = new StringBuilder();
        var gateway = await TestGateway.StartWithAsync(scene.Keeper, config => config with
        {
            Upstream = "work",
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["work"] = scene.Server.Upstream(change: static signIn => signIn with { ClientSecret = new Secret("client-" + Canary) }) },
        });
        await using (gateway)
        {
            foreach (var fails in new[] { true, false })
            {
                refuses = fails;
                var begun = await gateway.SendAsync(RawClient.Post("/auth/login", "flow=browser", contentType: "application/x-www-form-urlencoded"));
                var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(begun["Location"]!).Query);
                scene.Server.Nonce = query["nonce"];
                var redirect = new Uri(query["redirect_uri"]!);
                var page = await RawClient.ExchangeAsync(redirect.Port, $"GET /callback?code=code-{Canary}&state={query["state"]}&iss={Uri.EscapeDataString(scene.Server.Issuer)} HTTP/1.1\r\nHost: {redirect.Authority}\r\n\r\n");
                Assert.Equal(fails ? 502 : 200, page.Status);
                shown.Append(begun["Location"]).Append(page.Text);
            }

            Assert.Equal("access-" + Canary, scene.Keeper.Grants["work"].AccessToken.Reveal());
            foreach (var target in new[] { "/", "/auth/login", "/auth/status", "/auth/status?format=json" })
            {
                shown.Append((await gateway.SendAsync(RawClient.Get(target))).Text);
            }

            scene.Server.Revocation = static call => call.AnswerAsync(400, $$"""{"error":"refresh-{{Canary}}"}""");
            shown.Append((await gateway.SendAsync(RawClient.Post("/auth/logout", "upstream=work", contentType: "application/x-www-form-urlencoded"))).Text);
        }

        Assert.Contains("Signed in for work", gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, shown.ToString() + gateway.Log, StringComparison.Ordinal);
    }

    /// <summary>Requests as raw text, and whether the canary may stand in the answer's body since it is the client's own or the upstream's answer.</summary>
    private static IEnumerable<(string Request, bool MayShow)> Requests =>
    [
        (RawClient.Post("/v1/messages", Prompt, Key), true),
        (RawClient.Post("/v1/messages?query=" + Canary, Prompt, Key + $"Authorization: Bearer {OwnKey}\r\n"), true),
        (RawClient.Post("/v1/messages", Prompt, $"Authorization: Bearer {GatewayKey}\r\nx-api-key: {OwnKey}\r\nCookie: s={Canary}\r\nX-Unknown: {Canary}\r\n"), true),
        (RawClient.Post("/v1/p/messages", Prompt, Key), true),
        (RawClient.Post("/v1/p/messages?dry-run=true", Prompt, Key + $"Authorization: Bearer {OwnKey}\r\n"), true),
        (RawClient.Post("/v1/messages", Prompt, Key + "X-Play: stream\r\n"), true),
        (RawClient.Post("/v1/messages", Prompt, Key + "X-Play: cut\r\n"), true),
        (RawClient.Post("/v1/messages", Prompt, Key + "X-Play: 429\r\n"), true),
        (RawClient.Post("/v1/messages", Prompt, Key + "X-Play: 401\r\n"), true),
        (RawClient.Post("/v1/files", Prompt, Key), true),
        (RawClient.Post("/v1/messages", Prompt, Key + "X-Play: close\r\n"), false),
        (RawClient.Post("/v1/messages", Prompt, Key + "X-Play: nohttp\r\n"), false),
        (RawClient.Post("/v1/messages", Prompt), false),
        (RawClient.Post("/v1/messages", Prompt, $"x-api-key: wrong-{Canary}\r\n"), false),
        (RawClient.Post("/v1/messages", Prompt, $"Authorization: Basic {Canary}\r\n"), false),
        (RawClient.Post("/v1/messages", Prompt, Key, "text/plain"), false),
        (RawClient.Post("/v1/nothere/messages", Prompt, Key), false),
        (RawClient.Post("/v1/p/messages", Prompt[..^2], Key), false),
        (RawClient.Post("/v1/p/messages", Prompt, Key + "Content-Encoding: gzip\r\n"), false),
        (RawClient.Post("/v1/messages", Prompt + new string(' ', 200_000), Key), false),
        (RawClient.Post("/v1/../messages", Prompt, Key), false),
        (RawClient.Get("/", Key), false),
        (RawClient.Get("/", Key + "Accept: application/json\r\n"), false),
        (RawClient.Get("/health", Key), false),
        (RawClient.Get("/v1/models?q=" + Canary, Key), true),
        // What the server itself refuses: it must not quote the line.
        ($"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nx-api-key {GatewayKey}\r\n\r\n                    ", false),
        ($"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nx-api-key: {GatewayKey}\0\r\n\r\n                   ", false),
        ($"POST /v1/messages?{Canary} HTTP/9.9 {Canary}\r\nHost: localhost\r\n\r\n                   ", false),
        ($"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Canary}\r\n\r\n                   ", false),
        ($"POST /v1/messages HTTP/1.1\r\nHost: {Canary}\r\nHost: {Canary}\r\n\r\n                              ", false),
    ];

    private static UpstreamConfig Upstream(Source source, string url, string folder) => source switch
    {
        Source.Fixed => new() { Url = url, ApiKey = new Secret(Configured) },
        Source.File or Source.BadFile => new() { Url = url, ApiKeyFile = Path.Combine(folder, "key") },
        Source.Command => new() { Url = url, ApiKeyCommand = ["/bin/sh", "-c", $"echo {Canary} >&2; echo {Configured}"] },
        Source.BadCommand => new() { Url = url, ApiKeyCommand = ["/bin/sh", "-c", $"echo {Configured}; echo {Configured}"] },
        Source.FailingCommand => new() { Url = url, ApiKeyCommand = ["/bin/sh", "-c", $"echo {Configured}; exit 9"] },
        _ => new() { Url = url },
    };

    private static void AssertOnlyItsOwnKeyWentUp(ScriptedUpstream upstream, Source source)
    {
        Assert.All(upstream.Calls, static call => Assert.DoesNotContain(GatewayKey, call.Head, StringComparison.Ordinal));
        Assert.Equal(source is Source.Fixed or Source.File or Source.Command, upstream.Calls.Any(static call => call["x-api-key"] == Configured));
        Assert.Contains(upstream.Calls, static call => call["authorization"] == "Bearer " + OwnKey);
        Assert.Contains(upstream.Calls, static call => call["x-api-key"] == OwnKey);
    }

    private static async Task PlayAsync(UpstreamCall call)
    {
        switch (call["X-Play"])
        {
            case "stream" or "cut":
                await call.BeginStreamAsync();
                await call.SendChunkAsync(Sse.Start + Sse.Delta(Canary));
                await (call["X-Play"] == "stream" ? call.EndChunksAsync() : Task.CompletedTask);
                call.Close();
                return;
            case "close":
                call.Close();
                return;
            case "nohttp":
                await call.SendAsync($"{Canary} {Canary} {Canary}\r\n\r\n");
                call.Close();
                return;
            case "401" or "429":
                await call.AnswerAsync(int.Parse(call["X-Play"]!), Answer, "retry-after: 0\r\n");
                return;
            default:
                await call.AnswerAsync(200, Answer);
                return;
        }
    }
}
