using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Tests.Unit.OAuth;

public sealed class PartsTests
{
    [Fact]
    public void The_challenge_is_that_of_RFC_7636_appendix_B() =>
        Assert.Equal("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", ProofKey.ChallengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));

    [Theory]
    [InlineData("claude.ai", true)]
    [InlineData("CLAUDE.AI.", true)]
    [InlineData("auth.claude.ai", true)]
    [InlineData("console.anthropic.com", true)]
    [InlineData("platform.claude.com", true)]
    [InlineData("notclaude.ai", false)]
    [InlineData("claude.ai.example", false)]
    [InlineData("login.example", false)]
    public void Hosts_of_Anthropics_own_sign_ins_are_known(string host, bool known) => Assert.Equal(known, AnthropicHosts.Contains(host));

    [Theory]
    [InlineData("plain words", "plain words")]
    [InlineData("two\r\nlines\0", "two  lines")]
    [InlineData("left \u202eright\u2066", "left  right")]
    [InlineData(null, "")]
    [InlineData("  ", "")]
    public void Words_of_a_server_are_one_short_line(string? text, string shown) => Assert.Equal(shown, ServerWords.Clean(text));

    [Fact]
    public void Long_words_of_a_server_are_cut() => Assert.Equal(301, ServerWords.Clean(new string('x', 5000)).Length);

    [Fact]
    public void An_ID_token_that_expired_within_the_leeway_is_taken_by_the_servers_clock()
    {
        var token = new Secret(AuthorizationServer.Jwt("""{"iss":"https://i.example","aud":"c","sub":"s","exp":1000}"""));

        Assert.Equal("s", IdToken.Check(token, "https://i.example", "c", null, DateTimeOffset.UnixEpoch.AddSeconds(1299)).Token!.Account);
        Assert.Null(IdToken.Check(token, "https://i.example", "c", null, DateTimeOffset.UnixEpoch.AddSeconds(1301)).Token);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.b.c")]
    [InlineData("a.!.c")]
    public void What_is_no_ID_token_is_no_ID_token(string text) =>
        Assert.Null(IdToken.Check(new Secret(text), "https://i.example", "c", null, DateTimeOffset.UnixEpoch).Token);

    [Fact]
    public async Task Offline_access_asks_for_consent_unless_told_otherwise_and_parameters_of_the_protocol_stay()
    {
        await using var scene = new IssuerScene();
        await using var plain = await scene.BrowserAsync(static client => client with { RedirectPath = "/auth/done", Resource = "urn:llm" });
        Assert.Equal(("consent", "openid offline_access", "urn:llm", "/auth/done"), (IssuerScene.Query(plain, "prompt"), IssuerScene.Query(plain, "scope"), IssuerScene.Query(plain, "resource"), plain.RedirectUri.AbsolutePath));

        await using var own = await scene.BrowserAsync(static client => client with
        {
            Scopes = ["openid", "offline_access", "a b"],
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["prompt"] = "select_account", ["audience"] = "x&state=evil", ["state"] = "fixed" },
        });
        Assert.Equal(("select_account", "x&state=evil"), (IssuerScene.Query(own, "prompt"), IssuerScene.Query(own, "audience")));
        Assert.Equal(43, IssuerScene.Query(own, "state")!.Length);
    }

    [Fact]
    public async Task Localhost_in_the_redirect_is_for_whoever_configured_it()
    {
        await using var scene = new IssuerScene();
        await using var signIn = await scene.BrowserAsync(static client => client with { RedirectHost = "localhost" });

        Assert.Equal("localhost", signIn.RedirectUri.Host);
        Assert.Equal(200, (await IssuerScene.ComeBackAsync(signIn, scene.RightAnswer(signIn))).Status);
    }

    [Fact]
    public void A_QR_code_has_its_finder_patterns_and_its_quiet_zone()
    {
        var code = QrImage.Of(new Uri("https://login.example/activate?user_code=ABCD-EFGH"))!;

        foreach (var (row, column) in new[] { (4, 4), (4, code.Size - 11), (code.Size - 11, 4) })
        {
            for (var i = 0; i < 7; i++)
            {
                Assert.True(code[row, column + i] && code[row + i, column] && code[row + 6, column + i]);
                Assert.Equal(i is 0 or 6, code[row + 1, column + i]);
            }
        }

        Assert.All(Enumerable.Range(0, code.Size), i => Assert.False(code[0, i] || code[3, i] || code[i, 0] || code[i, code.Size - 1]));
        Assert.Equal((code.Size + 1) / 2, code.ToTerminal().TrimEnd('\n').Split('\n').Length);
        Assert.DoesNotContain("style", code.ToSvg(), StringComparison.Ordinal);
        Assert.Null(QrImage.Of(new Uri("https://login.example/" + new string('x', 500))));
    }
}
