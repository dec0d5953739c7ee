using Tuppence.Tests.Scenes;
using static Tuppence.Tests.Scenes.SignInScene;

namespace Tuppence.Tests.Promises;

/// <summary>P26: a token's end is counted by elapsed time, so no wrong or moving clock costs a sign-in; where the date misleads, one 401 costs one refresh.</summary>
public sealed class P26_Clocks_may_be_wrong
{
    public static TheoryData<int> Minutes() => [-1440, -10, 10, 1440];

    [Theory]
    [MemberData(nameof(Minutes))]
    public async Task An_issuer_whose_clock_differs_is_obeyed_by_its_lifetimes_and_the_difference_is_told(int minutes)
    {
        await using var scene = new SignInScene();
        var skew = TimeSpan.FromMinutes(minutes);
        scene.Then(Tokens("1", date: scene.Time.GetUtcNow() + skew));
        await scene.SignInAsync(TimeSpan.FromHours(2));

        Assert.Equal("at-1", await scene.GetAsync());
        scene.Time.Advance(Lifetime - TimeSpan.FromSeconds(181));
        Assert.Equal("at-1", await scene.GetAsync());

        Assert.Equal(skew, scene.Credential.State.ClockSkew);
        Assert.Single(scene.Sent);
    }

    [Theory]
    [MemberData(nameof(Minutes))]
    public async Task A_clock_that_jumps_while_running_costs_one_refresh_at_most_and_no_request(int minutes)
    {
        await using var scene = new SignInScene().Then(Tokens("1"), Tokens("2"), Tokens("3"));
        await scene.SignInAsync(TimeSpan.FromHours(2));
        Assert.Equal("at-1", await scene.GetAsync());
        scene.Time.Advance(TimeSpan.FromMinutes(5));

        scene.Time.Jump(TimeSpan.FromMinutes(minutes));

        Assert.StartsWith("at-", await scene.GetAsync(), StringComparison.Ordinal);
        Assert.InRange(scene.Sent.Count, 1, minutes > 60 ? 2 : 1);
        var sent = scene.Sent.Count;
        // From here on the schedule holds by elapsed time.
        scene.Time.Advance(TimeSpan.FromMinutes(40));
        Assert.StartsWith("at-", await scene.GetAsync(), StringComparison.Ordinal);
        Assert.Equal(sent, scene.Sent.Count);
        scene.Time.Advance(TimeSpan.FromMinutes(20));
        await scene.UntilSentAsync(sent + 1);
        Assert.Equal($"at-{sent + 1}", await scene.GetAsync());
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_while_the_issuer_is_away_does_not_take_a_valid_token_away()
    {
        await using var scene = new SignInScene().Then(Tokens("1"), Problem(Upstreams.OAuth.TokenProblemKind.NotSent));
        await scene.SignInAsync(TimeSpan.FromHours(2));
        await scene.GetAsync();

        scene.Time.Jump(TimeSpan.FromDays(1));

        Assert.Equal("at-1", await scene.GetAsync());
        Assert.Equal(2, scene.Sent.Count);
    }

    [Theory]
    [MemberData(nameof(Minutes))]
    public async Task A_clock_that_was_set_between_runs_costs_one_refresh_at_most(int minutes)
    {
        await using var scene = new SignInScene().Then(Tokens("1"));
        await scene.SignInAsync();

        scene.Time.Jump(TimeSpan.FromMinutes(minutes));

        Assert.StartsWith("at-", await scene.GetAsync(), StringComparison.Ordinal);
        await Gate.UntilAsync(() => !scene.Credential.State.IsRefreshing);
        Assert.InRange(scene.Sent.Count, 0, 1);
        Assert.StartsWith("at-", await scene.GetAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_refused_early_is_refreshed_once_and_its_successor_not_at_all()
    {
        await using var scene = new SignInScene().Then(Tokens("1"));
        await scene.SignInAsync(TimeSpan.FromMinutes(10));
        Assert.Equal("at-first", await scene.GetAsync());

        scene.Credential.Refused();
        Assert.Equal("at-1", await scene.GetAsync());
        scene.Credential.Refused();
        Assert.Equal("at-1", await scene.GetAsync());

        Assert.Equal(["rt-0"], scene.Sent, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_slept_refreshes_before_the_next_request_goes_out()
    {
        // Asleep, the monotonic clock of Linux stands still while the date goes on.
        await using var scene = new SignInScene().Then(Tokens("1"), Tokens("2"));
        await scene.SignInAsync(TimeSpan.FromHours(2));
        Assert.Equal("at-1", await scene.GetAsync());

        scene.Time.Jump(TimeSpan.FromHours(8));

        Assert.Equal("at-2", await scene.GetAsync());
    }
}
