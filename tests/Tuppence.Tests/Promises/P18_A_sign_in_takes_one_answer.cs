using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Tests.Promises;

/// <summary>
/// P18: PKCE S256, a state of 256 bits, the exact issuer, one answer, ten minutes; what a server writes is shown as text on a page that
/// loads and runs nothing. The same in Chromium with a certified server: tests/external/sign-in.
/// </summary>
public sealed class P18_A_sign_in_takes_one_answer
{
    [Fact]
    public async Task The_request_carries_a_fresh_state_nonce_and_S256_challenge_each_time()
    {
        await using var scene = new IssuerScene();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 3; i++)
        {
            await using var signIn = await scene.BrowserAsync();
            var query = QueryHelpers.ParseQuery(signIn.Url.Query);

            Assert.Equal(("code", "S256", AuthorizationServer.ClientId), (query["response_type"].ToString(), query["code_challenge_method"].ToString(), query["client_id"].ToString()));
            foreach (var name in new[] { "state", "nonce", "code_challenge" })
            {
                Assert.Equal(43, query[name].ToString().Length);
                Assert.True(seen.Add(query[name]!), name);
            }

            Assert.Equal(signIn.RedirectUri.OriginalString, query["redirect_uri"]);
            Assert.Equal("127.0.0.1", signIn.RedirectUri.Host);
        }
    }

    [Fact]
    public async Task The_right_answer_is_exchanged_with_its_verifier_and_kept()
    {
        await using var scene = new IssuerScene();
        await using var signIn = await scene.BrowserAsync();

        var page = await IssuerScene.ComeBackAsync(signIn, scene.RightAnswer(signIn));

        Assert.Equal(200, page.Status);
        Assert.Contains("ada@example.test", page.Text, StringComparison.Ordinal);
        var form = Assert.Single(scene.Server.Forms("/token"));
        Assert.Equal(("authorization_code", "code-1", signIn.RedirectUri.OriginalString, AuthorizationServer.ClientId), (form["grant_type"], form["code"], form["redirect_uri"], form["client_id"]));
        Assert.Equal(IssuerScene.Query(signIn, "code_challenge"), ProofKey.ChallengeOf(form["code_verifier"]));
        var grant = scene.Keeper.Grants["work"];
        Assert.Equal(("access-1", "refresh-1", "ada@example.test", "https://llm.example"), (grant.AccessToken.Reveal(), grant.RefreshToken!.Reveal(), grant.Account, grant.Origin));
        Assert.True((await signIn.Completion).IsSuccess);
    }

    [Theory]
    [InlineData("code=c&iss={iss}", 400)]
    [InlineData("code=c&iss={iss}&state=", 400)]
    [InlineData("code=c&iss={iss}&state=wrong", 400)]
    [InlineData("code=c&iss={iss}&state={state}x", 400)]
    [InlineData("error=access_denied", 400)]
    [InlineData("", 400)]
    [InlineData("code&state", 400)]
    [InlineData("&&=&%&state=%zz", 400)]
    [InlineData("code=c&iss={iss}&state={state}&state={state}", 400)]
    [InlineData("code=c&code=d&iss={iss}&state={state}", 400)]
    public async Task An_answer_without_its_state_is_refused_and_the_sign_in_goes_on(string query, int status)
    {
        await using var scene = new IssuerScene();
        await using var signIn = await scene.BrowserAsync();

        var page = await IssuerScene.ComeBackAsync(signIn, Fill(query, scene, signIn));

        Assert.Equal(status, page.Status);
        Assert.Contains("another sign-in", page.Text, StringComparison.Ordinal);
        Assert.False(signIn.Completion.IsCompleted);
        Assert.Empty(scene.Server.Forms("/token"));
        Assert.Equal(200, (await IssuerScene.ComeBackAsync(signIn, scene.RightAnswer(signIn))).Status);
    }

    [Theory]
    [InlineData("code=c&state={state}&iss=https%3A%2F%2Fevil.example")]
    [InlineData("code=c&state={state}&iss={iss}%2F")]
    [InlineData("code=c&state={state}")]
    public async Task An_answer_of_another_issuer_ends_it_and_its_code_goes_nowhere(string query)
    {
        await using var scene = new IssuerScene();
        await using var signIn = await scene.BrowserAsync();

        var page = await IssuerScene.ComeBackAsync(signIn, Fill(query, scene, signIn));

        Assert.Equal(400, page.Status);
        Assert.Equal(SignInProblemKind.WrongIssuer, (await signIn.Completion).Problem!.Kind);
        Assert.Empty(scene.Server.Forms("/token"));
        Assert.Empty(scene.Keeper.Grants);
    }

    [Fact]
    public async Task An_issuer_that_never_announced_iss_may_leave_it_out_but_not_lie()
    {
        await using var scene = new IssuerScene();
        scene.Server.Metadata = static text => text.Replace("\"authorization_response_iss_parameter_supported\":true,", "", StringComparison.Ordinal);
        await using var silent = await scene.BrowserAsync();
        Assert.Equal(200, (await IssuerScene.ComeBackAsync(silent, $"code=code-1&state={IssuerScene.Query(silent, "state")}")).Status);

        await using var lying = await scene.BrowserAsync();
        Assert.Equal(400, (await IssuerScene.ComeBackAsync(lying, $"code=code-1&state={IssuerScene.Query(lying, "state")}&iss=https%3A%2F%2Fevil.example")).Status);
    }

    [Fact]
    public async Task The_second_time_the_same_answer_does_nothing()
    {
        await using var scene = new IssuerScene();
        await using var signIn = await scene.BrowserAsync();

        var first = await IssuerScene.ComeBackAsync(signIn, scene.RightAnswer(signIn));
        var again = await IssuerScene.ComeBackAsync(signIn, scene.RightAnswer(signIn));

        Assert.Equal((200, 409), (first.Status, again.Status));
        Assert.Contains("already used", again.Text, StringComparison.Ordinal);
        Assert.Single(scene.Server.Forms("/token"));
    }

    [Fact]
    public async Task Of_twenty_at_once_one_is_exchanged()
    {
        await using var scene = new IssuerScene();
        await using var signIn = await scene.BrowserAsync();

        var pages = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => IssuerScene.ComeBackAsync(signIn, scene.RightAnswer(signIn))));

        Assert.Equal(1, pages.Count(static page => page.Status == 200));
        Assert.Equal(19, pages.Count(static page => page.Status == 409));
        Assert.Single(scene.Server.Forms("/token"));
    }

    [Fact]
    public async Task After_ten_minutes_it_is_over()
    {
        var clock = new GatewayClock();
        await using var scene = new IssuerScene(clock);
        await using var signIn = await scene.BrowserAsync();
        clock.Advance(BrowserSignIn.Life - TimeSpan.FromTicks(1));
        Assert.False(signIn.Completion.IsCompleted);

        clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(SignInProblemKind.Expired, (await signIn.Completion).Problem!.Kind);
        var page = await IssuerScene.ComeBackAsync(signIn, scene.RightAnswer(signIn));
        Assert.Equal(410, page.Status);
        Assert.Contains("too old", page.Text, StringComparison.Ordinal);
        Assert.Empty(scene.Server.Forms("/token"));
    }

    [Theory]
    [InlineData("error=access_denied&error_description=No+thanks", 403, SignInProblemKind.Denied, "No thanks")]
    [InlineData("error=server_error&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E", 502, SignInProblemKind.IssuerError, "&lt;script&gt;")]
    [InlineData("error=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", 502, SignInProblemKind.IssuerError, "&lt;img")]
    [InlineData("error=x&error_description=%E2%80%AEtxet%00%0d%0aSet-Cookie:%20a=b", 502, SignInProblemKind.IssuerError, "Set-Cookie")]
    [InlineData("", 502, SignInProblemKind.IssuerError, "neither a code nor an error")]
    public async Task What_the_issuer_writes_is_text(string query, int status, SignInProblemKind kind, string shown)
    {
        await using var scene = new IssuerScene();
        await using var signIn = await scene.BrowserAsync();

        var page = await IssuerScene.ComeBackAsync(signIn, $"{query}&state={IssuerScene.Query(signIn, "state")}&iss={Uri.EscapeDataString(scene.Server.Issuer)}");

        Assert.Equal((status, kind), (page.Status, (await signIn.Completion).Problem!.Kind));
        Assert.Contains(shown, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u202e', page.Text);
        Assert.Null(page["Set-Cookie"]);
        Assert.StartsWith("default-src 'none'", page["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal(("no-store", "nosniff", "no-referrer"), (page["Cache-Control"], page["X-Content-Type-Options"], page["Referrer-Policy"]));
    }

    [Theory]
    [InlineData("GET /callback?{answer} HTTP/1.1\r\nHost: evil.example\r\n\r\n")]
    [InlineData("GET /callback?{answer} HTTP/1.1\r\n\r\n")]
    [InlineData("POST /callback?{answer} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("GET /callback/?{answer} HTTP/1.1\r\nHost: {host}\r\n\r\n")]
    [InlineData("GET /?{answer} HTTP/1.1\r\nHost: {host}\r\n\r\n")]
    [InlineData("GET http://evil.example/callback?{answer} HTTP/1.1\r\nHost: {host}\r\n\r\n")]
    public async Task Only_a_GET_of_the_redirect_URI_under_its_own_name_counts(string request)
    {
        await using var scene = new IssuerScene();
        await using var signIn = await scene.BrowserAsync();

        var page = await RawClient.ExchangeAsync(
            signIn.RedirectUri.Port,
            request.Replace("{answer}", scene.RightAnswer(signIn), StringComparison.Ordinal).Replace("{host}", signIn.RedirectUri.Authority, StringComparison.Ordinal));

        Assert.Equal(404, page.Status);
        Assert.False(signIn.Completion.IsCompleted);
        Assert.Empty(scene.Server.Forms("/token"));
    }

    [Theory]
    [InlineData("""{"iss":"https://evil.example","aud":"tuppence-test","sub":"1","exp":4102444800,"nonce":"{nonce}"}""", "not from")]
    [InlineData("""{"iss":"{iss}","aud":"other","sub":"1","exp":4102444800,"nonce":"{nonce}"}""", "another client")]
    [InlineData("""{"iss":"{iss}","aud":["tuppence-test","other"],"azp":"other","sub":"1","exp":4102444800,"nonce":"{nonce}"}""", "another client")]
    [InlineData("""{"iss":"{iss}","aud":"tuppence-test","sub":"1","exp":4102444800,"nonce":"other"}""", "nonce")]
    [InlineData("""{"iss":"{iss}","aud":"tuppence-test","sub":"1","exp":4102444800}""", "nonce")]
    [InlineData("""{"iss":"{iss}","aud":"tuppence-test","sub":"1","exp":1000000000,"nonce":"{nonce}"}""", "expired")]
    [InlineData("""{"iss":"{iss}","aud":"tuppence-test","sub":"1","nonce":"{nonce}"}""", "when it expires")]
    [InlineData("[]", "cannot be read")]
    public async Task An_ID_token_that_is_not_for_this_sign_in_ends_it_and_nothing_is_kept(string claims, string why)
    {
        await using var scene = new IssuerScene();
        await using var signIn = await scene.BrowserAsync();
        scene.Server.Claims = claims.Replace("{iss}", scene.Server.Issuer, StringComparison.Ordinal).Replace("{nonce}", scene.Server.Nonce, StringComparison.Ordinal);

        await IssuerScene.ComeBackAsync(signIn, scene.RightAnswer(signIn));

        var problem = (await signIn.Completion).Problem!;
        Assert.Equal(SignInProblemKind.IdToken, problem.Kind);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
        Assert.Empty(scene.Keeper.Grants);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_of_and_the_other_sign_in_lives_on()
    {
        await using var scene = new IssuerScene();
        await using var first = await scene.BrowserAsync();

        var (second, problem) = (await scene.PlanAsync(client => client with { RedirectPort = first.RedirectUri.Port })).StartBrowser();

        Assert.Null(second);
        Assert.Equal(SignInProblemKind.PortTaken, problem!.Kind);
        Assert.Equal(200, (await IssuerScene.ComeBackAsync(first, scene.RightAnswer(first))).Status);
    }

    [Fact]
    public async Task Tokens_that_cannot_be_kept_are_revoked_and_the_page_says_so()
    {
        await using var scene = new IssuerScene();
        await using var signIn = await scene.BrowserAsync();
        scene.Keeper.Problem = "The disk is full.";

        var page = await IssuerScene.ComeBackAsync(signIn, scene.RightAnswer(signIn));

        Assert.Equal(500, page.Status);
        Assert.Contains("The disk is full.", WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        Assert.Equal(["refresh-1", "access-1"], scene.Server.Forms("/revoke").Select(static form => form["token"]), StringComparer.Ordinal);
    }

    private static string Fill(string query, IssuerScene scene, BrowserSignIn signIn) =>
        query.Replace("{state}", IssuerScene.Query(signIn, "state"), StringComparison.Ordinal).Replace("{iss}", Uri.EscapeDataString(scene.Server.Issuer), StringComparison.Ordinal);
}
