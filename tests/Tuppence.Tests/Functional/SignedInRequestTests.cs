using Tuppence.Configuration;
using Tuppence.SignIn;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Tests.Functional;

/// <summary>A sign-in that is kept in the token file becomes the credential of requests: sent, renewed, refused, ended.</summary>
public sealed class SignedInRequestTests : IDisposable
{
    private const string Sdk = "Authorization: Bearer any-value\r\n";

    private readonly TokenFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Without_one_a_request_is_told_where_to_sign_in()
    {
        await using var issuer = new AuthorizationServer();
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(issuer, upstream);

        var answer = await gateway.PostAsync("{}");

        Assert.Equal(401, answer.Status);
        Assert.Contains("authentication_error", answer.Text, StringComparison.Ordinal);
        Assert.Contains($"http://127.0.0.1:{gateway.Port}/auth/login", answer.Text, StringComparison.Ordinal);
        Assert.Empty(upstream.Calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Sdk)]
    [InlineData("x-api-key: any-value\r\n")]
    public async Task Its_token_goes_up_in_place_of_what_a_front_end_makes_up(string headers)
    {
        await using var issuer = new AuthorizationServer();
        await using var upstream = ScriptedUpstream.Answering("{}");
        await folder.SignInAsync(Grant(issuer, upstream, TimeSpan.Zero));
        await using var gateway = await StartAsync(issuer, upstream);

        Assert.Equal(200, (await gateway.PostAsync("{}", headers: headers)).Status);

        Assert.Equal(("Bearer access-0", null), (upstream.Calls[0]["authorization"], upstream.Calls[0]["x-api-key"]));
    }

    [Fact]
    public async Task A_token_of_the_clients_own_passes_and_the_sign_in_stays_here()
    {
        await using var issuer = new AuthorizationServer();
        await using var upstream = ScriptedUpstream.Answering("{}");
        await folder.SignInAsync(Grant(issuer, upstream, TimeSpan.Zero));
        await using var gateway = await StartAsync(issuer, upstream);
        var own = AuthorizationServer.Jwt("""{"sub":"somebody else"}""");

        await gateway.PostAsync("{}", headers: $"Authorization: Bearer {own}\r\n");

        Assert.Equal($"Bearer {own}", upstream.Calls[0]["authorization"]);
    }

    [Fact]
    public async Task An_expired_one_is_renewed_before_the_request_and_kept()
    {
        await using var issuer = new AuthorizationServer();
        await using var upstream = ScriptedUpstream.Answering("{}");
        await folder.SignInAsync(Grant(issuer, upstream, TimeSpan.FromHours(2)));
        await using var gateway = await StartAsync(issuer, upstream);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gateway.PostAsync("{}")));

        Assert.All(answers, static answer => Assert.Equal(200, answer.Status));
        Assert.All(upstream.Calls, static call => Assert.Equal("Bearer access-1", call["authorization"]));
        Assert.Equal("refresh-0", Assert.Single(issuer.Forms("/token"))["refresh_token"]);
        Assert.Equal("refresh-1", (await folder.Store.ReadAsync("work", CancellationToken.None)).Entry!.Grant.RefreshToken!.Reveal());
    }

    public static TheoryData<TimeSpan, TimeSpan> Ages => new()
    {
        { TimeSpan.FromMinutes(10), TimeSpan.FromHours(1) },
        { TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30) },
    };

    [Theory, MemberData(nameof(Ages))]
    public async Task One_that_the_upstream_refuses_is_renewed_once_and_the_request_sent_again(TimeSpan age, TimeSpan lifetime)
    {
        await using var issuer = new AuthorizationServer();
        await using var upstream = ScriptedUpstream.Start(static call =>
            call["authorization"] == "Bearer access-1" ? call.AnswerAsync(200, "{}") : call.AnswerAsync(401, """{"type":"error","error":{"type":"authentication_error","message":"expired"}}"""));
        await folder.SignInAsync(Grant(issuer, upstream, age) with { Lifetime = lifetime });
        await using var gateway = await StartAsync(issuer, upstream);

        Assert.Equal(200, (await gateway.PostAsync("{}")).Status);
        Assert.Equal((2, 1), (upstream.Calls.Count, issuer.Forms("/token").Count));
    }

    [Fact]
    public async Task One_that_the_issuer_ended_is_a_401_with_its_words()
    {
        await using var issuer = new AuthorizationServer { Token = static call => call.AnswerAsync(400, """{"error":"invalid_grant","error_description":"session revoked"}""") };
        await using var upstream = ScriptedUpstream.Answering("{}");
        await folder.SignInAsync(Grant(issuer, upstream, TimeSpan.FromHours(2)));
        await using var gateway = await StartAsync(issuer, upstream);

        var answer = await gateway.PostAsync("{}");

        Assert.Equal(401, answer.Status);
        Assert.Contains("session revoked", answer.Text, StringComparison.Ordinal);
        Assert.Contains("/auth/login", answer.Text, StringComparison.Ordinal);
        Assert.Equal(401, (await gateway.PostAsync("{}")).Status);
        Assert.Single(issuer.Forms("/token"));
        Assert.Empty(upstream.Calls);
    }

    [Fact]
    public async Task One_for_another_address_is_not_used()
    {
        await using var issuer = new AuthorizationServer();
        await using var upstream = ScriptedUpstream.Answering("{}");
        await folder.SignInAsync(Grant(issuer, upstream, TimeSpan.Zero) with { Origin = "https://other.example" });
        await using var gateway = await StartAsync(issuer, upstream);

        Assert.Equal(401, (await gateway.PostAsync("{}")).Status);
        Assert.Empty(upstream.Calls);
    }

    [Fact]
    public async Task Its_ID_token_is_exchanged_where_there_is_a_federation_rule()
    {
        await using var issuer = new AuthorizationServer();
        await using var upstream = ScriptedUpstream.Start(static call => call.RequestLine.Contains("/v1/oauth/token", StringComparison.Ordinal)
            ? call.AnswerAsync(200, """{"access_token":"sk-ant-oat01-short-lived","token_type":"Bearer","expires_in":3600}""")
            : call.AnswerAsync(200, "{}"));
        await folder.SignInAsync(Grant(issuer, upstream, TimeSpan.Zero));
        await using var gateway = await StartAsync(issuer, upstream, entry => entry with { Federation = new FederationConfig { RuleId = "fdrl_1", OrganizationId = "org_1", ServiceAccountId = "svac_1" } });

        Assert.Equal(200, (await gateway.PostAsync("{}")).Status);

        Assert.Contains(issuer.IdToken(), upstream.Calls[0].Text, StringComparison.Ordinal);
        Assert.Equal("Bearer sk-ant-oat01-short-lived", upstream.Calls[1]["authorization"]);
        Assert.Null(upstream.Calls[0]["authorization"]);
    }

    private static StoredGrant Grant(AuthorizationServer issuer, ScriptedUpstream upstream, TimeSpan age) => new()
    {
        Upstream = "work",
        Origin = upstream.Url,
        Issuer = issuer.Issuer,
        ClientId = AuthorizationServer.ClientId,
        TokenEndpoint = new Uri(issuer.Issuer + "/token"),
        AccessToken = new Secret("access-0"),
        RefreshToken = new Secret("refresh-0"),
        IdToken = new Secret(issuer.IdToken()),
        IssuedAt = TimeProvider.System.GetUtcNow() - age,
        Lifetime = TimeSpan.FromHours(1),
    };

    private Task<TestGateway> StartAsync(AuthorizationServer issuer, ScriptedUpstream upstream, Func<UpstreamConfig, UpstreamConfig>? change = null) =>
        TestGateway.StartWithAsync(new StoreKeeper(folder.Store), config => config with
        {
            Upstream = "work",
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["work"] = (change ?? (static same => same))(issuer.Upstream(upstream.Url)) },
        });
}
