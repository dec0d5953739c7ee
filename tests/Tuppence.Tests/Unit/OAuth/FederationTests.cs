using System.Text.Json;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Tests.Unit.OAuth;

/// <summary>Workload Identity Federation, as the official SDK does it.</summary>
public sealed class FederationTests : IDisposable
{
    private readonly GatewayClock clock = new();
    private readonly string folder = Directory.CreateTempSubdirectory("tuppence-wif-").FullName;

    private string TokenFile => Path.Combine(folder, "token");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_exchange_is_that_of_the_official_SDK()
    {
        await using var server = ScriptedUpstream.Answering("""{"access_token":"sk-ant-oat01-x","token_type":"Bearer","expires_in":3600}""");
        using var http = OAuthTransport.Create(null, "tuppence/test", clock);
        await File.WriteAllTextAsync(TokenFile, "header.payload.signature\n", TestContext.Current.CancellationToken);
        using var credential = Credential(server, http, new FederationRule("fdrl_1", "org_1", "svac_1", "wrkspc_1"));

        var result = await credential.GetAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("sk-ant-oat01-x", "oauth-2025-04-20"), (result.Secret?.Reveal(), ((ICredential)credential).Beta));
        var call = server.Calls.Single();
        Assert.Equal("POST /prefix/v1/oauth/token HTTP/1.1", call.RequestLine);
        Assert.Equal(("application/json", "oauth-2025-04-20,oidc-federation-2026-04-01", "tuppence/test"), (call["Content-Type"], call["anthropic-beta"], call["User-Agent"]));
        using var body = JsonDocument.Parse(call.Text);
        Assert.Equal(
            ["grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion=header.payload.signature", "federation_rule_id=fdrl_1", "organization_id=org_1", "service_account_id=svac_1", "workspace_id=wrkspc_1"],
            body.RootElement.EnumerateObject().Select(static member => $"{member.Name}={member.Value.GetString()}"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_token_is_kept_renewed_beside_requests_from_120_s_and_awaited_from_30_s_before_its_end()
    {
        var count = 0;
        var gate = new TaskCompletionSource();
        await using var server = ScriptedUpstream.Start(async call =>
        {
            var number = Interlocked.Increment(ref count);
            if (number == 2)
            {
                await gate.Task;
            }

            await call.AnswerAsync(200, $$"""{"access_token":"t{{number}}","expires_in":600}""");
        });
        using var http = OAuthTransport.Create(null, "tuppence/test", clock);
        await File.WriteAllTextAsync(TokenFile, "jwt", TestContext.Current.CancellationToken);
        using var credential = Credential(server, http, new FederationRule("fdrl_1", "org_1", null, null));

        Assert.Equal("t1", await GetAsync(credential));
        clock.Advance(TimeSpan.FromSeconds(479));
        Assert.Equal("t1", await GetAsync(credential));
        Assert.Single(server.Calls);

        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("t1", await GetAsync(credential));
        Assert.Equal("t1", await GetAsync(credential));
        await server.CallAsync(1);
        gate.SetResult();
        while (await GetAsync(credential) != "t2")
        {
            await Task.Yield();
        }

        Assert.Equal(2, server.Calls.Count);

        clock.Advance(TimeSpan.FromSeconds(575));
        Assert.Equal(["t3", "t3", "t3"], await Task.WhenAll(GetAsync(credential), GetAsync(credential), GetAsync(credential)));
        Assert.Equal(3, server.Calls.Count);
    }

    [Fact]
    public async Task A_refused_token_is_exchanged_anew_with_the_file_as_it_is_then()
    {
        await using var server = ScriptedUpstream.Answering("""{"access_token":"t","expires_in":600}""");
        using var http = OAuthTransport.Create(null, "tuppence/test", clock);
        using var credential = Credential(server, http, new FederationRule("fdrl_1", "org_1", null, null));
        foreach (var jwt in new[] { "first", "second" })
        {
            await File.WriteAllTextAsync(TokenFile, jwt, TestContext.Current.CancellationToken);
            Assert.Equal("t", await GetAsync(credential));
            credential.Refused();
        }

        Assert.Equal(["first", "second"], server.Calls.Select(static call => JsonDocument.Parse(call.Text).RootElement.GetProperty("assertion").GetString()), StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_said_with_its_remedy_and_without_the_JWT()
    {
        await using var server = ScriptedUpstream.Answering("""{"error":"invalid_grant","error_description":"assertion secret.jwt.text is bad"}""", 401, "request-id: req_7\r\n");
        using var http = OAuthTransport.Create(null, "tuppence/test", clock);
        await File.WriteAllTextAsync(TokenFile, "secret.jwt.text", TestContext.Current.CancellationToken);
        using var credential = Credential(server, http, new FederationRule("fdrl_1", "org_1", null, null));

        var problem = (await credential.GetAsync(TestContext.Current.CancellationToken)).Problem!;

        Assert.Contains("req_7", problem, StringComparison.Ordinal);
        Assert.Contains("federation.workspace_id", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret.jwt.text", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "does not exist")]
    [InlineData(" \n", "is empty")]
    [InlineData("two tokens", "something else than one JWT")]
    [InlineData("LONG", "larger than 16 KB")]
    public async Task A_token_file_that_is_none_is_told_of(string? content, string shown)
    {
        if (content is not null)
        {
            await File.WriteAllTextAsync(TokenFile, content == "LONG" ? new string('x', 17 * 1024) : content, TestContext.Current.CancellationToken);
        }

        Assert.Contains(shown, (await new AssertionFile(TokenFile).GetAsync(TestContext.Current.CancellationToken)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_behind_links_is_read_as_it_is_now()
    {
        // As Kubernetes projects tokens: the name is a link to a link whose target is exchanged.
        Directory.CreateDirectory(Path.Combine(folder, "v1"));
        Directory.CreateDirectory(Path.Combine(folder, "v2"));
        await File.WriteAllTextAsync(Path.Combine(folder, "v1", "token"), "one", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "v2", "token"), "two", TestContext.Current.CancellationToken);
        Directory.CreateSymbolicLink(Path.Combine(folder, "data"), "v1");
        File.CreateSymbolicLink(TokenFile, Path.Combine("data", "token"));
        var file = new AssertionFile(TokenFile);
        Assert.Equal("one", (await file.GetAsync(TestContext.Current.CancellationToken)).Secret!.Reveal());

        Directory.Delete(Path.Combine(folder, "data"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "data"), "v2");

        Assert.Equal("two", (await file.GetAsync(TestContext.Current.CancellationToken)).Secret!.Reveal());
    }

    private FederatedCredential Credential(ScriptedUpstream server, HttpMessageInvoker http, FederationRule rule) =>
        new(new FederationEndpoint(http, new Uri(server.Url + "/prefix/"), rule), new AssertionFile(TokenFile), clock);

    private static async Task<string?> GetAsync(FederatedCredential credential)
    {
        var (secret, problem) = await credential.GetAsync(TestContext.Current.CancellationToken);
        Assert.Null(problem);
        return secret?.Reveal();
    }
}
