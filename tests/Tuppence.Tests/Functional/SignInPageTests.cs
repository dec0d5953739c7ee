using System.Text.Json;
using Tuppence.Configuration;
using Tuppence.Tests.Promises;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional;

/// <summary>The pages under /auth/ over real sockets.</summary>
public sealed class SignInPageTests
{
    private const string OwnForm = "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n";

    [Fact]
    public async Task A_form_leads_to_the_issuer_and_the_answer_signs_in()
    {
        await using var scene = new IssuerScene();
        await using var gateway = await StartAsync(scene);
        Assert.Contains("sign-in needed", (await gateway.SendAsync(RawClient.Get("/"))).Text, StringComparison.Ordinal);

        var begun = await PostAsync(gateway, "/auth/login", "upstream=work&flow=browser");

        Assert.Equal(303, begun.Status);
        var url = new Uri(begun["Location"]!);
        Assert.Equal(scene.Server.Issuer + "/authorize", url.GetLeftPart(UriPartial.Path));
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(url.Query);
        scene.Server.Nonce = query["nonce"];
        var redirect = new Uri(query["redirect_uri"]!);
        Assert.NotEqual(gateway.Port, redirect.Port);
        var page = await RawClient.ExchangeAsync(redirect.Port, $"GET /callback?code=c&state={query["state"]}&iss={Uri.EscapeDataString(scene.Server.Issuer)} HTTP/1.1\r\nHost: {redirect.Authority}\r\n\r\n");
        Assert.Equal(200, page.Status);
        Assert.True(scene.Keeper.Grants.ContainsKey("work"));

        using var status = JsonDocument.Parse((await gateway.SendAsync(RawClient.Get("/auth/status", "Accept: application/json\r\n"))).Body);
        var row = status.RootElement.GetProperty("upstreams")[0];
        Assert.Equal(("work", true, "ada@example.test", true), (row.GetProperty("upstream").GetString(), row.GetProperty("signed_in").GetBoolean(), row.GetProperty("account").GetString(), row.GetProperty("renews").GetBoolean()));
        Assert.DoesNotContain("access-1", status.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("signed in as ada@example.test", (await gateway.SendAsync(RawClient.Get("/"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_is_shown_and_the_page_tells_when_it_is_done()
    {
        await using var scene = new IssuerScene();
        var clock = new GatewayClock();
        await using var gateway = await StartAsync(scene, time: clock);

        var begun = await PostAsync(gateway, "/auth/login", "flow=device&return=/auth/status");

        Assert.Equal(303, begun.Status);
        Assert.Matches("^/auth/login[?]flow=[0-9a-f]{32}$", begun["Location"]);
        var page = await gateway.SendAsync(RawClient.Get(begun["Location"]!));
        Assert.Contains("ABCD-EFGH", page.Text, StringComparison.Ordinal);
        Assert.Contains("<svg", page.Text, StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.Ordinal);

        clock.Advance(TimeSpan.FromSeconds(5));
        await Gate.UntilAsync(() => scene.Keeper.Grants.ContainsKey("work"));
        await Gate.UntilAsync(() => gateway.Host.SignIns!.Find(begun["Location"]![^32..])!.Completion.IsCompleted);
        page = await gateway.SendAsync(RawClient.Get(begun["Location"]!));
        Assert.Contains("You are signed in", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/auth/status\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_revokes_and_says_so()
    {
        await using var scene = new IssuerScene();
        scene.Keeper.Grants["work"] = P21_Logging_out_revokes.Grant(scene.Server.Issuer);
        await using var gateway = await StartAsync(scene);

        var page = await PostAsync(gateway, "/auth/logout", "upstream=work");

        Assert.Equal(200, page.Status);
        Assert.Contains("You are signed out", page.Text, StringComparison.Ordinal);
        Assert.Equal("refresh-1", scene.Server.Forms("/revoke")[0]["token"]);
        Assert.Empty(scene.Keeper.Grants);
        Assert.Contains("Nobody was signed in", (await PostAsync(gateway, "/auth/logout", "upstream=work")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_sign_in_of_an_upstream_takes_the_place_of_the_one_before_and_its_port()
    {
        await using var scene = new IssuerScene();
        await using var other = await scene.BrowserAsync();
        var port = other.RedirectUri.Port;
        await using var gateway = await StartAsync(scene, signIn => signIn with { RedirectPort = port });

        var taken = await PostAsync(gateway, "/auth/login", "upstream=work&flow=browser");
        Assert.Equal(502, taken.Status);
        Assert.Contains("taken by another program", taken.Text, StringComparison.Ordinal);

        await using var free = await StartAsync(scene);
        var first = Redirect(await PostAsync(free, "/auth/login", "upstream=work&flow=browser"));
        free.Host.Reload(free.Host.State.Current.Config with
        {
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["work"] = scene.Server.Upstream(change: signIn => signIn with { RedirectPort = new Uri(first).Port }) },
        });
        Assert.Equal(first, Redirect(await PostAsync(free, "/auth/login", "upstream=work&flow=browser")));
        Assert.Equal(first, Redirect(await PostAsync(free, "/auth/login", "upstream=work&flow=browser")));
    }

    [Fact]
    public async Task Endpoints_on_other_hosts_are_agreed_to_first()
    {
        await using var scene = new IssuerScene();
        var port = new Uri(scene.Server.Issuer).Port;
        scene.Server.Metadata = text => text.Replace($"http://127.0.0.1:{port}/revoke", $"http://localhost:{port}/revoke", StringComparison.Ordinal);
        await using var gateway = await StartAsync(scene);

        var asked = await PostAsync(gateway, "/auth/login", "upstream=work&flow=browser");
        Assert.Equal(200, asked.Status);
        Assert.Contains($"localhost:{port}", asked.Text, StringComparison.Ordinal);
        var agree = asked.Text.Split("name=\"agree\" value=\"")[1].Split('"')[0];

        Assert.Equal(200, (await PostAsync(gateway, "/auth/login", "upstream=work&flow=browser&agree=0123456789abcdef")).Status);
        Assert.Equal(303, (await PostAsync(gateway, "/auth/login", $"upstream=work&flow=browser&agree={agree}")).Status);
    }

    [Theory]
    [InlineData("Origin: http://evil.example\r\n", 403)]
    [InlineData("Origin: null\r\n", 403)]
    [InlineData("Origin: https://chat.example\r\n", 403)]
    [InlineData("Sec-Fetch-Site: cross-site\r\n", 403)]
    [InlineData("Sec-Fetch-Site: same-site\r\n", 403)]
    [InlineData("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n", 403)]
    public async Task No_other_page_signs_anybody_in_or_out(string headers, int status)
    {
        await using var scene = new IssuerScene();
        scene.Keeper.Grants["work"] = P21_Logging_out_revokes.Grant(scene.Server.Issuer);
        await using var gateway = await StartAsync(scene, change: config => config with { AllowedOrigins = ["https://chat.example"] });

        foreach (var path in new[] { "/auth/login", "/auth/logout" })
        {
            Assert.Equal(status, (await PostAsync(gateway, path, "upstream=work", headers)).Status);
        }

        Assert.Equal(415, (await gateway.SendAsync(RawClient.Post("/auth/logout", "upstream=work", contentType: "text/plain"))).Status);
        Assert.Empty(scene.Server.Calls);
        Assert.Single(scene.Keeper.Grants);
    }

    [Fact]
    public async Task With_gateway_keys_a_form_needs_one()
    {
        await using var scene = new IssuerScene();
        await using var gateway = await StartAsync(scene, change: static config => config with { GatewayKeys = [new Secret("key-of-the-gateway")] });
        Assert.Contains("name=\"key\"", (await gateway.SendAsync(RawClient.Get("/auth/login"))).Text, StringComparison.Ordinal);

        Assert.Equal(401, (await PostAsync(gateway, "/auth/login", "upstream=work")).Status);
        Assert.Equal(401, (await PostAsync(gateway, "/auth/login", "upstream=work&key=wrong")).Status);
        Assert.Empty(scene.Server.Calls);
        Assert.Equal(303, (await PostAsync(gateway, "/auth/login", "upstream=work&key=key-of-the-gateway")).Status);
        Assert.DoesNotContain("key-of-the-gateway", gateway.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("upstream=none", 400)]
    [InlineData("upstream=emulator", 400)]
    [InlineData("upstream=%3Cscript%3E", 400)]
    public async Task An_upstream_without_a_sign_in_is_refused(string form, int status)
    {
        await using var scene = new IssuerScene();
        await using var gateway = await StartAsync(scene);

        var page = await PostAsync(gateway, "/auth/login", form);

        Assert.Equal(status, page.Status);
        Assert.DoesNotContain("<script", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_is_bounded_and_an_issuer_that_is_away_is_told_of()
    {
        using var dead = new ClosedPort();
        await using var scene = new IssuerScene();
        await using var gateway = await StartAsync(scene, signIn => signIn with { Issuer = dead.Url });

        Assert.Equal(413, (await PostAsync(gateway, "/auth/login", "upstream=" + new string('x', 9000))).Status);
        var page = await PostAsync(gateway, "/auth/login", "upstream=work");
        Assert.Equal(502, page.Status);
        Assert.Contains("gives no answer", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_federated_upstream_gets_the_exchanged_token_as_bearer_with_its_beta()
    {
        await using var upstream = ScriptedUpstream.Start(static call => call.RequestLine.StartsWith("POST /v1/oauth/token ", StringComparison.Ordinal)
            ? call.AnswerAsync(200, """{"access_token":"sk-ant-oat01-x","expires_in":3600}""")
            : call.AnswerAsync(200, "{}"));
        var folder = Directory.CreateTempSubdirectory("tuppence-wif-");
        try
        {
            var file = Path.Combine(folder.FullName, "jwt");
            await File.WriteAllTextAsync(file, "a.b.c", TestContext.Current.CancellationToken);
            await using var gateway = await TestGateway.StartAsync(config => config with
            {
                Upstream = "api",
                Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal)
                {
                    ["api"] = new() { Url = upstream.Url, Federation = new FederationConfig { RuleId = "fdrl_1", OrganizationId = "org_1", TokenFile = file } },
                },
            });

            await gateway.PostAsync("{}", headers: "anthropic-beta: context-1m\r\n");
            gateway.Host.Reload(gateway.Host.State.Current.Config);
            await gateway.PostAsync("{}", headers: "anthropic-beta: a, oauth-2025-04-20\r\n");

            var calls = upstream.Calls.Where(static call => call.RequestLine.StartsWith("POST /v1/messages", StringComparison.Ordinal)).ToList();
            Assert.All(calls, static call => Assert.Equal("Bearer sk-ant-oat01-x", call["Authorization"]));
            Assert.Equal(["context-1m", "oauth-2025-04-20"], Betas(calls[0]), StringComparer.Ordinal);
            Assert.Equal(["a, oauth-2025-04-20"], Betas(calls[1]), StringComparer.Ordinal);
            Assert.Equal(3, upstream.Calls.Count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Betas(UpstreamCall call) => call.Headers.Where(static line => line.Name == "anthropic-beta").Select(static line => line.Value);

    private static string Redirect(RawResponse begun) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(begun["Location"]!).Query)["redirect_uri"]!;

    private static Task<TestGateway> StartAsync(IssuerScene scene, Func<SignInConfig, SignInConfig>? signIn = null, Func<GatewayConfig, GatewayConfig>? change = null, TimeProvider? time = null) =>
        TestGateway.StartWithAsync(
            scene.Keeper,
            config => (change?.Invoke(config) ?? config) with
            {
                Upstream = "work",
                Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["work"] = scene.Server.Upstream(change: signIn) },
            },
            time);

    private static Task<RawResponse> PostAsync(TestGateway gateway, string path, string form, string headers = OwnForm) =>
        gateway.SendAsync(RawClient.Post(path, form, headers, "application/x-www-form-urlencoded"));
}
