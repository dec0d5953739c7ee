using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Tests.Promises;

/// <summary>P23: a refresh keeps the lock however slow it is; the wait for it ends with the holder's name; a holder that lost it cannot overwrite what came after.</summary>
public sealed class P23_The_lock_outlives_a_slow_refresh
{
    [Fact]
    public async Task A_frozen_holder_is_named_and_its_late_write_is_refused()
    {
        await using var issuer = await RotatingIssuer.StartAsync(leeway: TimeSpan.FromMinutes(1));
        using var folder = new TokenFolder();
        await folder.SignInAsync(issuer);
        await using var first = await TokenProcess.UseAsync(folder.Path);
        await using var second = await TokenProcess.UseAsync(folder.Path, patienceMs: 300);
        var arrived = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        issuer.BeforeActing = async (number, process) =>
        {
            arrived.TrySetResult(process);
            await (number == 0 ? held.Task : Task.CompletedTask);
        };

        await first.AskAsync();
        Assert.Equal(first.Id, await arrived.Task);
        first.Signal(TokenProcess.Stop);
        var waited = await second.GetAsync();
        Assert.Contains($"held by another Tuppence (process {first.Id}, since ", waited, StringComparison.Ordinal);
        Assert.Contains("If it hangs or is stopped, end it", waited, StringComparison.Ordinal);
        Assert.Equal(1, issuer.Requests);

        // The person takes the lock away instead. The first one's token may be spent, so this is the one more try.
        File.Delete(folder["tokens.lock"]);
        string? got;
        while ((got = await second.GetAsync())!.Contains("tried again", StringComparison.Ordinal))
        {
            // The pause after the failed attempt.
        }

        Assert.Equal("got at-f1-1", got);
        var winner = await folder.EntryAsync();

        held.SetResult();
        first.Signal(TokenProcess.Continue);
        Assert.Equal("got at-f1-1", await first.LineAsync());
        Assert.Equal(winner, await folder.EntryAsync());
        Assert.Equal((2, 1, 0), (issuer.Refreshes, issuer.Forgiven, issuer.Reuses));
    }

    [Fact]
    public async Task A_save_with_an_old_generation_is_refused()
    {
        await using var issuer = await RotatingIssuer.StartAsync();
        using var folder = new TokenFolder();
        await folder.SignInAsync(issuer);
        var (first, _) = await folder.EntryAsync();
        using var lease = await folder.LeaseAsync();

        var second = first with { Generation = first.Generation + 1, Account = first.Account };
        Assert.Equal(SaveResult.Saved, await lease.ReplaceAsync(second, CancellationToken.None));
        Assert.Equal(SaveOutcome.Superseded, (await lease.ReplaceAsync(second, CancellationToken.None)).Outcome);
        Assert.Equal(SaveOutcome.Superseded, (await lease.ReplaceAsync(first, CancellationToken.None)).Outcome);
        Assert.Equal(SaveOutcome.Superseded, (await lease.MarkAsync(first, new RefreshMark(default, 1), CancellationToken.None)).Outcome);
        await lease.RemoveAsync(first.Upstream, null, CancellationToken.None);
        Assert.Equal(SaveOutcome.Superseded, (await lease.ReplaceAsync(second with { Generation = 3 }, CancellationToken.None)).Outcome);
        Assert.Null((await lease.ReadAsync(first.Upstream, CancellationToken.None)).Entry);
    }
}
