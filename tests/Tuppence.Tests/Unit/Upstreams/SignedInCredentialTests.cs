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
    public async Task What_surely_did_not_arrive_may_be_sent_again_and_again()
    {
        await using var scene = new SignInScene().Then([.. Enumerable.Repeat(Problem(TokenProblemKind.NotSent), 4), Tokens("1")]);
        await scene.SignInAsync(Over);

        for (var attempt = 0; attempt < 4; attempt++)
        {
            Assert.Contains("The issuer cannot be reached: It went wrong. It is tried again in", await scene.GetAsync(), StringComparison.Ordinal);
            Assert.Null((await scene.Folder.EntryAsync()).Mark);
            scene.Time.Advance(TimeSpan.FromSeconds(30));
            await scene.UntilSentAsync(attempt + 2);
        }

        Assert.Equal("at-1", await scene.GetAsync());
        Assert.False(scene.Credential.State.IsSignInNeeded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lost_answer_is_asked_for_once_more_and_then_people_are_told(bool isAnswered)
    {
        await using var scene = new SignInScene().Then(Problem(TokenProblemKind.Unknown, isAnswered), Problem(TokenProblemKind.Unknown, isAnswered));
        await scene.SignInAsync(AlmostOver);

        Assert.Equal("at-first", await scene.GetAsync());
        await scene.UntilSentAsync(1);
        Assert.Contains("did not answer the refresh with tokens: It went wrong. It is tried once more.", scene.Credential.State.Problem, StringComparison.Ordinal);
        scene.Time.Advance(TimeSpan.FromSeconds(40));
        await scene.UntilSentAsync(2);

        Assert.Equal("at-first", await scene.GetAsync());
        Assert.Contains("ends with its present token: the last refresh was cut off", scene.Credential.State.Problem, StringComparison.Ordinal);
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        var told = $"The sign-in to “work” has ended: the last refresh was cut off: it was sent twice and not answered with tokens (It went wrong). Sign in again at {Grants.SignInAddress}";
        Assert.Equal(told, await scene.GetAsync());
        Assert.Equal(told, await scene.GetAsync(scene.Another()));
        Assert.Equal(["rt-0", "rt-0"], scene.Sent, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_lost_answer_is_recovered_by_the_one_more_try_of_whichever_process_comes_first()
    {
        await using var scene = new SignInScene().Then(Problem(TokenProblemKind.Unknown), Tokens("1"));
        await scene.SignInAsync(Over);
        Assert.Contains("tried once more. It is tried again in 2 s", await scene.GetAsync(), StringComparison.Ordinal);
        var other = scene.Another();
        Assert.Contains("answer to the last refresh is missing. It is tried again in 2 s", await scene.GetAsync(other), StringComparison.Ordinal);

        scene.Time.Advance(TimeSpan.FromSeconds(2));

        await Gate.UntilAsync(() => scene.Sent.Count == 2 && !other.State.IsRefreshing && !scene.Credential.State.IsRefreshing);
        Assert.Equal(("at-1", "at-1"), (await scene.GetAsync(other), await scene.GetAsync()));
        Assert.Equal(2, scene.Sent.Count);
    }

    [Fact]
    public async Task An_issuer_that_does_not_answer_is_left_after_half_a_minute_and_requests_go_on_with_the_valid_token()
    {
        await using var scene = new SignInScene();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Then(async cancellation =>
        {
            var never = Task.Delay(Timeout.Infinite, cancellation);
            asked.SetResult();
            await never;
            return default;
        });
        await scene.SignInAsync(TimeSpan.FromMinutes(58));

        Assert.Equal("at-first", await scene.GetAsync());
        await asked.Task;
        Assert.Equal("at-first", await scene.GetAsync());
        Assert.True(scene.Credential.State.IsRefreshing);
        scene.Time.Advance(TimeSpan.FromSeconds(30));
        await scene.UntilSentAsync(1);

        Assert.Contains("It did not answer within 30 s.", scene.Credential.State.Problem, StringComparison.Ordinal);
        Assert.Equal(1, (await scene.Folder.EntryAsync()).Mark?.Sent);
        scene.Then(Tokens("1")).Time.Advance(TimeSpan.FromSeconds(2));
        await scene.UntilSentAsync(2);
        Assert.Equal("at-1", await scene.GetAsync());
    }

    [Fact]
    public async Task A_refused_client_is_a_matter_of_configuration_and_spends_nothing()
    {
        await using var scene = new SignInScene().Then(Problem(TokenProblemKind.ClientRejected), Tokens("1"));
        await scene.SignInAsync(Over);

        Assert.Contains("refuses this client; the configuration must be mended", await scene.GetAsync(), StringComparison.Ordinal);
        Assert.Null((await scene.Folder.EntryAsync()).Mark);
        scene.Time.Advance(TimeSpan.FromSeconds(59));
        await scene.GetAsync();
        Assert.Single(scene.Sent);
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        await scene.UntilSentAsync(2);
        Assert.Equal("at-1", await scene.GetAsync());
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
    public async Task Nothing_is_sent_while_the_store_cannot_be_written()
    {
        await using var scene = new SignInScene().Then(Tokens("1"));
        await scene.SignInAsync(AlmostOver);
        var store = new UnwritableStore(scene.Folder.Store);
        var credential = scene.Another(store: store);

        Assert.Equal("at-first", await scene.GetAsync(credential));
        await Gate.UntilAsync(() => credential.State is { IsRefreshing: false, Problem: not null });

        Assert.Equal("The disk is full.", credential.State.Problem);
        Assert.Empty(scene.Sent);
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("cannot be renewed at present. The disk is full. It is tried again", await scene.GetAsync(credential), StringComparison.Ordinal);
        Assert.Empty(scene.Sent);
    }

    [Fact]
    public async Task Tokens_that_could_not_be_saved_are_served_and_saved_as_soon_as_that_works()
    {
        await using var scene = new SignInScene();
        await scene.SignInAsync(Over);
        scene.Then(_ =>
        {
            scene.Folder.SetMode("", "755");
            return Task.FromResult(Tokens("1"));
        });

        Assert.Equal("at-1", await scene.GetAsync());
        Assert.Contains("New tokens came but could not be saved; should Tuppence end before they are, a person must sign in again.", scene.Credential.State.Problem, StringComparison.Ordinal);
        Assert.Contains($"Run: chmod 700 '{scene.Folder.Path}'", scene.Credential.State.Problem, StringComparison.Ordinal);

        scene.Folder.SetMode("", "700");
        Assert.Equal((1L, 1), ((await scene.Folder.EntryAsync()).Grant.Generation, (await scene.Folder.EntryAsync()).Mark?.Sent));
        scene.Time.Advance(TimeSpan.FromSeconds(5));
        await Gate.UntilAsync(() => scene.Credential.State is { IsRefreshing: false, Problem: null });

        Assert.Equal(("rt-1", null), ((await scene.Folder.EntryAsync()).Grant.RefreshToken?.Reveal(), (await scene.Folder.EntryAsync()).Mark));
        Assert.Equal("at-1", await scene.GetAsync());
        Assert.Single(scene.Sent);
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

    private sealed class UnwritableStore(ITokenStore store) : ITokenStore
    {
        public string Place => store.Place;

        public string? Warning => store.Warning;

        public StoreStamp Stamp() => store.Stamp();

        public ValueTask<GrantReading> ReadAsync(string upstream, CancellationToken cancellation) => store.ReadAsync(upstream, cancellation);

        public ValueTask<GrantList> ListAsync(CancellationToken cancellation) => store.ListAsync(cancellation);

        public async ValueTask<LeaseResult> AcquireAsync(CancellationToken cancellation) => new(new Lease((await store.AcquireAsync(cancellation)).Lease!), null);

        private sealed class Lease(ITokenLease lease) : ITokenLease
        {
            private static readonly ValueTask<SaveResult> Full = new(SaveResult.Failed("The disk is full."));

            public ValueTask<GrantReading> ReadAsync(string upstream, CancellationToken cancellation) => lease.ReadAsync(upstream, cancellation);

            public ValueTask<SaveResult> SignInAsync(StoredGrant grant, CancellationToken cancellation) => Full;

            public ValueTask<SaveResult> ReplaceAsync(StoredGrant grant, CancellationToken cancellation) => Full;

            public ValueTask<SaveResult> MarkAsync(StoredGrant grant, RefreshMark? mark, CancellationToken cancellation) => Full;

            public ValueTask<SaveResult> UseAsync(string upstream, string account, CancellationToken cancellation) => Full;

            public ValueTask<SaveResult> RemoveAsync(string upstream, string? account, CancellationToken cancellation) => Full;

            public void Dispose() => lease.Dispose();
        }
    }
}
