using Tuppence.Tests.Promises;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Tests.Unit.OAuth;

public sealed class RefreshTests
{
    [Theory]
    [InlineData(400, """{"error":"invalid_grant","error_description":"gone"}""", TokenProblemKind.GrantRejected, "invalid_grant (gone)")]
    [InlineData(401, """{"error":"invalid_grant"}""", TokenProblemKind.GrantRejected, "invalid_grant")]
    [InlineData(401, """{"error":"invalid_client"}""", TokenProblemKind.ClientRejected, "invalid_client")]
    [InlineData(400, """{"error":"invalid_scope"}""", TokenProblemKind.ClientRejected, "invalid_scope")]
    [InlineData(400, """{"error":"unsupported_grant_type"}""", TokenProblemKind.ClientRejected, "unsupported_grant_type")]
    [InlineData(400, """{"error":"temporarily_unavailable"}""", TokenProblemKind.Unknown, "temporarily_unavailable")]
    [InlineData(500, """{"error":"invalid_grant"}""", TokenProblemKind.Unknown, "answered 500")]
    [InlineData(503, """{"error":"server_error"}""", TokenProblemKind.Unknown, "answered 503")]
    [InlineData(429, """{"error":"slow_down"}""", TokenProblemKind.NotSent, "answered 429")]
    [InlineData(500, "", TokenProblemKind.Unknown, "500")]
    [InlineData(502, "<html>bad gateway</html>", TokenProblemKind.Unknown, "502")]
    [InlineData(302, "", TokenProblemKind.Unknown, "302")]
    [InlineData(404, "{}", TokenProblemKind.Unknown, "404")]
    [InlineData(200, "<html>", TokenProblemKind.Unknown, "not a JSON object")]
    [InlineData(200, "", TokenProblemKind.Unknown, "not a JSON object")]
    [InlineData(200, "[]", TokenProblemKind.Unknown, "not a JSON object")]
    [InlineData(200, "{}", TokenProblemKind.Unknown, "no usable access_token")]
    [InlineData(200, """{"access_token":""}""", TokenProblemKind.Unknown, "no usable access_token")]
    [InlineData(200, """{"access_token":"a\r\nX-Evil: 1","token_type":"Bearer"}""", TokenProblemKind.Unknown, "no usable access_token")]
    [InlineData(200, """{"access_token":"a","token_type":"DPoP"}""", TokenProblemKind.ClientRejected, "only bearer")]
    [InlineData(200, """{"error":"invalid_grant"}""", TokenProblemKind.GrantRejected, "invalid_grant")]
    public async Task Every_answer_without_tokens_is_classified(int status, string body, TokenProblemKind kind, string shown)
    {
        await using var scene = new IssuerScene();
        scene.Server.Token = call => call.AnswerAsync(status, body);

        var problem = (await RefreshAsync(scene)).Problem!;

        Assert.Equal(kind, problem.Kind);
        Assert.Contains(shown, problem.Detail, StringComparison.Ordinal);
        Assert.Single(scene.Server.Forms("/token"));
    }

    [Fact]
    public async Task A_request_that_reached_nobody_was_not_sent()
    {
        using var dead = new ClosedPort();
        await using var scene = new IssuerScene();

        var grant = P21_Logging_out_revokes.Grant(dead.Url);
        var result = await new GrantRefresher(scene.Http, scene.Server.Client(client => client with { Issuer = dead.Url })).RefreshAsync(grant, TestContext.Current.CancellationToken);

        Assert.Equal(TokenProblemKind.NotSent, result.Problem!.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"access_token\":")]
    public async Task An_answer_that_is_lost_leaves_it_open(string beginning)
    {
        await using var scene = new IssuerScene();
        scene.Server.Token = async call =>
        {
            await call.SendAsync(beginning);
            call.Close();
        };

        Assert.Equal(TokenProblemKind.Unknown, (await RefreshAsync(scene)).Problem!.Kind);
        Assert.Single(scene.Server.Forms("/token"));
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_given_up_after_the_limit()
    {
        var clock = new GatewayClock();
        await using var scene = new IssuerScene(clock);
        scene.Server.Token = static call => call.UntilClosedAsync();
        var refreshing = RefreshAsync(scene);
        await clock.UntilArmedAsync(OAuthTransport.Timeout);

        clock.Advance(OAuthTransport.Timeout);

        var problem = (await refreshing).Problem!;
        Assert.Contains("30 s", problem.Detail, StringComparison.Ordinal);
        Assert.Contains(problem.Kind, new[] { TokenProblemKind.Unknown });
    }

    [Fact]
    public async Task Tokens_come_with_lifetime_and_the_servers_own_time()
    {
        await using var scene = new IssuerScene();
        scene.Server.Token = static call => call.AnswerAsync(200, """{"access_token":"a2","refresh_token":"r2","token_type":"bearer","expires_in":"90"}""", "Date: Sun, 22 Nov 2026 10:00:00 GMT\r\n");

        var answer = (await RefreshAsync(scene)).Answer!;

        Assert.Equal(("a2", "r2", TimeSpan.FromSeconds(90)), (answer.AccessToken.Reveal(), answer.RefreshToken!.Reveal(), answer.Lifetime));
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero), answer.ServerTime);
        var form = Assert.Single(scene.Server.Forms("/token"));
        Assert.Equal(("refresh_token", "refresh-1", AuthorizationServer.ClientId), (form["grant_type"], form["refresh_token"], form["client_id"]));
        Assert.Equal("tuppence/test", scene.Server.Calls[0]["User-Agent"]);
    }

    [Theory]
    [InlineData(-5, 15)]
    [InlineData(0, 20)]
    [InlineData(+300, 20)]
    [InlineData(-60, 20)]
    public async Task A_token_that_was_made_before_it_was_fetched_lives_that_much_shorter(int offset, int expected)
    {
        await using var scene = new IssuerScene();
        var date = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
        var token = AuthorizationServer.Jwt($$"""{"exp":{{date.ToUnixTimeSeconds() + 20 + offset}}}""");
        scene.Server.Token = call => call.AnswerAsync(200, $$"""{"access_token":"{{token}}","expires_in":20}""", $"Date: {date:R}\r\n");

        Assert.Equal(TimeSpan.FromSeconds(expected), (await RefreshAsync(scene)).Answer!.Lifetime);
    }

    [Fact]
    public async Task Without_a_new_refresh_token_the_old_one_stays()
    {
        await using var scene = new IssuerScene();
        scene.Server.Token = static call => call.AnswerAsync(200, """{"access_token":"a2"}""");

        var answer = (await RefreshAsync(scene)).Answer!;

        Assert.Null(answer.RefreshToken);
        Assert.Null(answer.Lifetime);
    }

    [Fact]
    public async Task A_server_that_repeats_our_secrets_does_not_get_them_shown()
    {
        await using var scene = new IssuerScene();
        scene.Server.Token = static call => call.AnswerAsync(400, """{"error":"invalid_request","error_description":"bad token refresh-1 of client s3cret"}""");

        var result = await new GrantRefresher(scene.Http, scene.Server.Client(static client => client with { ClientSecret = new Secret("s3cret") }))
            .RefreshAsync(P21_Logging_out_revokes.Grant(scene.Server.Issuer), TestContext.Current.CancellationToken);

        Assert.DoesNotContain("refresh-1", result.Problem!.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", result.Problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grant_of_another_client_or_without_refresh_token_is_not_sent()
    {
        await using var scene = new IssuerScene();
        var refresher = new GrantRefresher(scene.Http, scene.Server.Client());
        var grant = P21_Logging_out_revokes.Grant(scene.Server.Issuer);

        foreach (var other in new[] { grant with { RefreshToken = null }, grant with { ClientId = "other" }, grant with { Issuer = "https://other.example" } })
        {
            Assert.Equal(TokenProblemKind.GrantRejected, (await refresher.RefreshAsync(other, TestContext.Current.CancellationToken)).Problem!.Kind);
        }

        Assert.Empty(scene.Server.Calls);
    }

    private static Task<TokenResult> RefreshAsync(IssuerScene scene) =>
        new GrantRefresher(scene.Http, scene.Server.Client()).RefreshAsync(P21_Logging_out_revokes.Grant(scene.Server.Issuer), TestContext.Current.CancellationToken);
}
