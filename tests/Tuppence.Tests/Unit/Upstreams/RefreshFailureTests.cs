using Tuppence.Tests.Scenes;
using Tuppence.TokenDriver;
using Tuppence.Upstreams.OAuth;
using static Tuppence.Tests.Scenes.SignInScene;

namespace Tuppence.Tests.Unit.Upstreams;

/// <summary>What a <see cref="Tuppence.Upstreams.Credentials.SignedInCredential"/> does when a refresh goes wrong.</summary>
public sealed class RefreshFailureTests
{
    private static readonly TimeSpan Over = TimeSpan.FromHours(2);
    private static readonly TimeSpan AlmostOver = TimeSpan.FromMinutes(59);

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
}
