using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Tests.Promises;

/// <summary>P19: metadata must name the configured issuer to the letter and endpoints that a token may go to; pinned endpoints change only when someone agrees.</summary>
public sealed class P19_The_issuer_is_who_it_says
{
    [Theory]
    [InlineData("\"issuer\":\"{iss}\"", "\"issuer\":\"{iss}/\"", "another issuer")]
    [InlineData("\"issuer\":\"{iss}\"", "\"issuer\":\"https://evil.example\"", "another issuer")]
    [InlineData("\"issuer\":\"{iss}\"", "\"issuer\":null", "another issuer")]
    [InlineData("\"issuer\":\"{iss}\",", "", "another issuer")]
    [InlineData("\"{iss}/token\"", "\"http://token.example/token\"", "not https")]
    [InlineData("\"{iss}/token\"", "\"https://169.254.169.254/token\"", "metadata address")]
    [InlineData("\"{iss}/token\"", "\"https://metadata.google.internal/token\"", "metadata address")]
    [InlineData("\"{iss}/token\"", "\"https://user@token.example/token\"", "user name")]
    [InlineData("\"{iss}/token\"", "\"https://token.example/token#x\"", "fragment")]
    [InlineData("\"{iss}/token\"", "\"/token\"", "cannot be used")]
    [InlineData("\"{iss}/token\"", "17", "no token_endpoint")]
    [InlineData("\"{iss}/token\"", "\"file:///etc/passwd\"", "not https")]
    [InlineData("\"{iss}/token\"", "\"https://api.anthropic.com/v1/oauth/token\"", "Anthropic")]
    [InlineData("\"{iss}/authorize\"", "\"https://claude.ai/oauth/authorize\"", "Anthropic")]
    [InlineData("\"{iss}/authorize\"", "\"https://console.anthropic.com./oauth\"", "Anthropic")]
    [InlineData("\"{iss}/authorize\"", "\"https://platform.claude.com/oauth\"", "Anthropic")]
    [InlineData("\"{iss}/authorize\"", "\"javascript:alert(1)\"", "not https")]
    [InlineData("\"{iss}/device\"", "\"http://device.example/\"", "not https")]
    [InlineData("\"{iss}/revoke\"", "\"http://revoke.example/\"", "not https")]
    public async Task Metadata_that_lies_is_refused(string part, string lie, string why)
    {
        await using var scene = new IssuerScene();
        var issuer = scene.Server.Issuer;
        scene.Server.Metadata = text => text.Replace(part.Replace("{iss}", issuer, StringComparison.Ordinal), lie.Replace("{iss}", issuer, StringComparison.Ordinal), StringComparison.Ordinal);

        var problem = await scene.NoPlanAsync();

        Assert.Equal(SignInProblemKind.Discovery, problem.Kind);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Metadata_that_is_none_is_refused(string text)
    {
        await using var scene = new IssuerScene();
        scene.Server.Metadata = _ => text;

        Assert.Equal(SignInProblemKind.Discovery, (await scene.NoPlanAsync()).Kind);
    }

    [Fact]
    public async Task Metadata_larger_than_a_megabyte_is_not_read()
    {
        await using var scene = new IssuerScene();
        scene.Server.Metadata = static _ => "{\"x\":\"" + new string('x', OAuthTransport.MaxAnswerBytes) + "\"}";

        Assert.Contains("larger than 1024 KB", (await scene.NoPlanAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_issuer_on_https_cannot_point_at_this_machine()
    {
        var issuer = new Uri("https://login.example");
        Assert.False(EndpointRules.TryRead("http://127.0.0.1:8080/token", issuer, out _, out var problem));
        Assert.Equal("it is not https", problem);
    }

    [Theory]
    [InlineData("https://login.example", "https://login.example/.well-known/oauth-authorization-server", "https://login.example/.well-known/openid-configuration")]
    [InlineData("https://login.example/", "https://login.example/.well-known/oauth-authorization-server", "https://login.example/.well-known/openid-configuration")]
    [InlineData(
        "https://login.example/tenant/v2.0",
        "https://login.example/.well-known/oauth-authorization-server/tenant/v2.0", "https://login.example/.well-known/openid-configuration/tenant/v2.0",
        "https://login.example/tenant/v2.0/.well-known/openid-configuration", "https://login.example/tenant/v2.0/.well-known/oauth-authorization-server")]
    public void Metadata_is_looked_for_where_the_specifications_say(string issuer, params string[] addresses) =>
        Assert.Equal(addresses, Discovery.Addresses(new Uri(issuer)).Select(static address => address.AbsoluteUri), StringComparer.Ordinal);

    [Fact]
    public async Task A_redirect_of_the_metadata_is_not_followed()
    {
        await using var other = ScriptedUpstream.Answering("{}");
        await using var server = ScriptedUpstream.Start(call => call.SendAsync($"HTTP/1.1 302 Found\r\nLocation: {other.Url}/x\r\nContent-Length: 0\r\n\r\n"));
        await using var scene = new IssuerScene();

        var problem = await scene.NoPlanAsync(client => client with { Issuer = server.Url });

        Assert.Contains("answers 302", problem.Message, StringComparison.Ordinal);
        Assert.Equal(0, other.Connections);
    }

    [Fact]
    public async Task Endpoints_on_other_hosts_are_shown_at_the_first_sign_in_only()
    {
        await using var scene = new IssuerScene();
        await using var elsewhere = ScriptedUpstream.Answering("{}");
        scene.Server.Metadata = text => text.Replace($"{scene.Server.Issuer}/authorize", $"{elsewhere.Url}/authorize", StringComparison.Ordinal);

        Assert.Contains(new Uri(elsewhere.Url).Authority, Assert.Single((await scene.PlanAsync()).Notices), StringComparison.Ordinal);
        await using var signIn = await scene.BrowserAsync();
        Assert.Equal(200, (await IssuerScene.ComeBackAsync(signIn, scene.RightAnswer(signIn))).Status);
        Assert.Empty((await scene.PlanAsync()).Notices);
    }

    [Fact]
    public async Task A_changed_token_endpoint_needs_consent_and_never_gets_the_refresh_token()
    {
        await using var scene = new IssuerScene();
        await using (var signIn = await scene.BrowserAsync())
        {
            await IssuerScene.ComeBackAsync(signIn, scene.RightAnswer(signIn));
        }

        Assert.Empty((await scene.PlanAsync()).Changes);
        await using var elsewhere = ScriptedUpstream.Answering("{}");
        scene.Server.Metadata = text => text.Replace($"{scene.Server.Issuer}/token", $"{elsewhere.Url}/token", StringComparison.Ordinal);

        var before = await scene.PlanAsync();
        Assert.Contains(elsewhere.Url, Assert.Single(before.Changes), StringComparison.Ordinal);
        var refreshed = await new GrantRefresher(scene.Http, scene.Server.Client()).RefreshAsync(scene.Keeper.Grants["work"], TestContext.Current.CancellationToken);
        Assert.True(refreshed.IsSuccess);
        Assert.Equal(0, elsewhere.Connections);
    }

    [Fact]
    public async Task Configured_endpoints_need_no_metadata_and_follow_the_same_rules()
    {
        await using var scene = new IssuerScene();
        scene.Server.MetadataPath = "/none";
        var plan = await scene.PlanAsync(client => client with { TokenEndpoint = new Uri(client.Issuer + "/token"), AuthorizationEndpoint = new Uri(client.Issuer + "/authorize") });
        Assert.True(plan.OffersBrowser);
        Assert.False(plan.OffersDevice);
        Assert.Empty(scene.Server.Calls);

        var refused = await scene.NoPlanAsync(client => client with { TokenEndpoint = new Uri("https://claude.ai/token") });
        Assert.Contains("Anthropic", refused.Message, StringComparison.Ordinal);
    }
}
