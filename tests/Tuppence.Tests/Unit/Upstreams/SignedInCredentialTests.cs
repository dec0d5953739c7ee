using Tuppence.Tests.Scenes;
using Tuppence.TokenDriver;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.OAuth;
using Tuppence.Upstreams.TokenStores;
using static Tuppence.Tests.Scenes.SignInScene;

namespace Tuppence.Tests.Unit.Upstreams;

public sealed class SignedInCredentialTests
{
    private static readonly TimeSpan Over = TimeSpan.FromHours(2);
    private static readonly TimeSpan AlmostOver = TimeSpan.FromMinutes(59);

    [Fact]
    public async Task Without_a_sign_in_people_are_told_where_to_sign_in()
    {
        await using var scene = new SignInScene();

        Assert.Equal($"Nobody is signed in to “work”. Sign in at {Grants.SignInAddress}", await scene.GetAsync());
        Assert.Equal((false, true), (scene.Credential.State.IsSignedIn, scene.Credential.State.IsSignInNeeded));
        await scene.SignInAsync();
        Assert.Equal("at-first", await scene.GetAsync());
        var state = scene.Credential.State;
        Assert.Equal((true, false, "ada@example.com", "https://login.example", null), (state.IsSignedIn, state.IsSignInNeeded, state.Account, state.Issuer, state.Problem));
        Assert.Equal(scene.Time.GetUtcNow() + Lifetime, state.ExpiresAt);
        Assert.Empty(scene.Sent);
    }

    [Fact]
    public async Task Ahead_of_its_end_it_is_refreshed_by_schedule_without_any_request()
    {
        await using var scene = new SignInScene().Then(Tokens("1"), Tokens("2"));
        await scene.SignInAsync();
        await scene.Credential.StateAsync(CancellationToken.None);

        // 180 s ahead, the middle of 60 and 300.
        scene.Time.Advance(Lifetime - TimeSpan.FromSeconds(181));
        Assert.Empty(scene.Sent);
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        await scene.UntilSentAsync(1);
        Assert.Equal("at-1", await scene.GetAsync());
        scene.Time.Advance(Lifetime - TimeSpan.FromSeconds(180));
        await scene.UntilSentAsync(2);

        Assert.Equal("at-2", await scene.GetAsync());
        Assert.Equal(["rt-0", "rt-1"], scene.Sent, StringComparer.Ordinal);
        Assert.Equal(3, (await scene.Folder.EntryAsync()).Grant.Generation);
    }

    [Fact]
    public async Task New_tokens_are_on_the_disk_before_they_are_used()
    {
        await using var scene = new SignInScene();
        await scene.SignInAsync(Over);
        RefreshMark? during = null;
        scene.Then(async _ =>
        {
            during = (await scene.Folder.EntryAsync()).Mark;
            return Tokens("1");
        });

        Assert.Equal("at-1", await scene.GetAsync());
        Assert.Equal(1, during?.Sent);
        var (grant, mark) = await scene.Folder.EntryAsync();
        Assert.Equal(("at-1", "rt-1", null), (grant.AccessToken.Reveal(), grant.RefreshToken?.Reveal(), mark));
    }

    [Fact]
    public async Task Without_a_new_refresh_token_the_old_one_stays()
    {
        await using var scene = new SignInScene().Then(TokenResult.Of(new TokenAnswer(new Secret("at-1"), null, null, Lifetime, null, null)), Tokens("2"));
        await scene.SignInAsync(Over);

        Assert.Equal("at-1", await scene.GetAsync());
        scene.Time.Advance(Lifetime);
        await scene.UntilSentAsync(2);

        Assert.Equal("at-2", await scene.GetAsync());
        Assert.Equal(["rt-0", "rt-0"], scene.Sent, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_rejected_grant_is_never_sent_again_and_a_new_sign_in_is_noticed()
    {
        await using var scene = new SignInScene().Then(Problem(TokenProblemKind.GrantRejected));
        await scene.SignInAsync(Over);

        var told = $"The sign-in to “work” has ended: the issuer no longer accepts it (It went wrong). Sign in again at {Grants.SignInAddress}";
        Assert.Equal(told, await scene.GetAsync());
        scene.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal((told, told), (await scene.GetAsync(), await scene.GetAsync(scene.Another())));
        Assert.Single(scene.Sent);

        await scene.SignInAsync(refreshToken: "rt-new");
        Assert.Equal("at-first", await scene.GetAsync());
    }

    [Fact]
    public async Task A_sign_in_for_another_address_is_not_used()
    {
        await using var scene = new SignInScene();
        await scene.SignInAsync();
        var moved = scene.Another(Grants.Target with { Origin = "https://elsewhere.example" });

        Assert.Contains("is for https://llm.example/claude, but the upstream is now https://elsewhere.example; it is not used there.", await scene.GetAsync(moved), StringComparison.Ordinal);
        Assert.Equal("at-first", await scene.GetAsync(scene.Another(Grants.Target with { Origin = "https://LLM.example:443/claude/" })));
        scene.Time.Advance(Over);
        await scene.GetAsync(moved);
        Assert.All(scene.Sent, static token => Assert.Equal("never", token));
    }

    [Fact]
    public async Task A_mode_that_was_mended_is_noticed_without_a_restart()
    {
        await using var scene = new SignInScene();
        await scene.SignInAsync();
        scene.Folder.SetMode("tokens.json", "644");
        Assert.Contains("Run: chmod 600", await scene.GetAsync(), StringComparison.Ordinal);

        scene.Folder.SetMode("tokens.json", "600");
        scene.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("at-first", await scene.GetAsync());
        Assert.Null(scene.Credential.State.Problem);
    }

    [Fact]
    public async Task A_logout_by_another_process_takes_the_token_away()
    {
        await using var scene = new SignInScene();
        await scene.SignInAsync();
        Assert.Equal("at-first", await scene.GetAsync());

        using (var lease = await scene.Folder.LeaseAsync())
        {
            await lease.RemoveAsync(Grants.Upstream, null, CancellationToken.None);
        }

        Assert.StartsWith("Nobody is signed in", await scene.GetAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_refresh_token_the_sign_in_ends_with_its_token()
    {
        await using var scene = new SignInScene();
        await scene.Folder.SignInAsync(Grants.Of(new Uri("https://login.example/token"), "", scene.Time.GetUtcNow(), Lifetime) with { RefreshToken = null });

        scene.Time.Advance(AlmostOver);
        Assert.Equal("at-first", await scene.GetAsync());
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("its token has ended, and the issuer gave none to renew it with", await scene.GetAsync(), StringComparison.Ordinal);
        Assert.True(scene.Credential.State.IsSignInNeeded);
        Assert.Empty(scene.Sent);
    }

    [Fact]
    public async Task The_ID_token_is_sent_where_that_is_asked_for()
    {
        await using var scene = new SignInScene();
        var grant = Grants.Of(new Uri("https://login.example/token"), "rt-0", scene.Time.GetUtcNow(), Lifetime);
        var target = Grants.Target with { UsesIdToken = true };
        await scene.Folder.SignInAsync(grant);
        Assert.Contains("has no ID token: its issuer gave none. Ask for the scope openid.", await scene.GetAsync(scene.Another(target)), StringComparison.Ordinal);

        // {"iat":1000,"exp":1600}: ten minutes, by the issuer's clock, which is decades behind.
        await scene.Folder.SignInAsync(grant with { IdToken = new Secret("e30.eyJpYXQiOjEwMDAsImV4cCI6MTYwMH0.sig") });
        var credential = scene.Another(target);
        Assert.StartsWith("e30.", await scene.GetAsync(credential), StringComparison.Ordinal);
        Assert.Equal(scene.Time.GetUtcNow() + TimeSpan.FromMinutes(10), credential.State.ExpiresAt);
    }

    [Theory]
    [InlineData(3600, 0, 60)]
    [InlineData(3600, 0.999, 299.76)]
    [InlineData(600, 0, 60)]
    [InlineData(60, 0.5, 9)]
    [InlineData(1, 0, 0.1)]
    public void It_is_refreshed_early_but_never_by_more_than_a_fifth(double lifetime, double jitter, double early) =>
        Assert.Equal(early, RefreshTiming.Early(TimeSpan.FromSeconds(lifetime), jitter).TotalSeconds, 2);
}
