using System.Text.Json;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>
/// P25: a process that dies between the issuer's answer and its saving costs one more try with the stored token, by whichever process comes next; where
/// that is refused, people are told plainly that the refresh was cut off, and nothing is sent any more.
/// </summary>
/// <remarks>Kills at random moments: <see cref="RefreshKillTests"/>.</remarks>
public sealed class P25_A_cut_off_refresh_is_recovered_or_reported
{
    [Fact]
    public async Task An_issuer_that_forgives_reuse_for_a_while_lets_the_next_process_recover()
    {
        await using var issuer = await RotatingIssuer.StartAsync(leeway: TimeSpan.FromSeconds(30));
        using var folder = new TokenFolder();
        await folder.SignInAsync(issuer);
        await DieBetweenAnswerAndSaveAsync(folder);
        Assert.Equal((1, 1), ((await folder.EntryAsync()).Grant.Generation, (await folder.EntryAsync()).Mark?.Sent));

        await using var next = await TokenProcess.UseAsync(folder.Path);
        Assert.Equal("got at-f1-2", await next.GetAsync());

        Assert.Equal((2, 1, 0, 2), (issuer.Refreshes, issuer.Forgiven, issuer.Reuses, issuer.MostSent));
        Assert.Equal((2, null), ((await folder.EntryAsync()).Grant.Generation, (await folder.EntryAsync()).Mark));
    }

    [Fact]
    public async Task An_issuer_that_forgives_nothing_makes_it_a_plain_sign_in_needed()
    {
        await using var issuer = await RotatingIssuer.StartAsync();
        using var folder = new TokenFolder();
        await folder.SignInAsync(issuer);
        await DieBetweenAnswerAndSaveAsync(folder);

        for (var process = 0; process < 2; process++)
        {
            await using var next = await TokenProcess.UseAsync(folder.Path);
            Assert.StartsWith("problem The sign-in to “work” has ended: the last refresh was cut off: its answer never arrived, and the issuer no longer accepts", await next.GetAsync(), StringComparison.Ordinal);
            using var state = JsonDocument.Parse((await next.StateAsync())!);
            Assert.True(state.RootElement.GetProperty("IsSignInNeeded").GetBoolean());
        }

        Assert.Equal((2, 1, 2), (issuer.Requests, issuer.Reuses, issuer.MostSent));

        await folder.SignInAsync(issuer);
        await using var after = await TokenProcess.UseAsync(folder.Path);
        Assert.StartsWith("got at-f2", await after.GetAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_dies_twice_in_that_window_does_not_send_a_third_time()
    {
        await using var issuer = await RotatingIssuer.StartAsync(leeway: TimeSpan.FromSeconds(30));
        using var folder = new TokenFolder();
        await folder.SignInAsync(issuer);
        await DieBetweenAnswerAndSaveAsync(folder);
        await DieBetweenAnswerAndSaveAsync(folder);

        await using var next = await TokenProcess.UseAsync(folder.Path);
        Assert.Contains("the last refresh was cut off twice", await next.GetAsync(), StringComparison.Ordinal);
        Assert.Equal(2, issuer.Requests);
    }

    [Fact]
    public async Task A_process_that_dies_before_the_issuer_acts_costs_nothing()
    {
        await using var issuer = await RotatingIssuer.StartAsync();
        using var folder = new TokenFolder();
        await folder.SignInAsync(issuer);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        issuer.BeforeActing = async (number, _) =>
        {
            arrived.TrySetResult();
            await (number == 0 ? never.Task : Task.CompletedTask);
        };
        await using (var first = await TokenProcess.UseAsync(folder.Path))
        {
            await first.AskAsync();
            await arrived.Task;
            first.Signal(TokenProcess.Kill);
            await first.ExitAsync();
        }

        await using var next = await TokenProcess.UseAsync(folder.Path);
        Assert.Equal("got at-f1-1", await next.GetAsync());
        Assert.Equal((2, 1, 0), (issuer.Requests, issuer.Refreshes, issuer.Reuses));
        never.SetException(new OperationCanceledException());
    }

    private static async Task DieBetweenAnswerAndSaveAsync(TokenFolder folder)
    {
        await using var process = await TokenProcess.UseAsync(folder.Path, dies: true);
        await process.AskAsync();
        await process.ExitAsync();
    }
}
