using Microsoft.AspNetCore.Http;
using Tuppence.Tests.Scenes;
using Tuppence.TokenDriver;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Promises;

/// <summary>P22: one refresh per expiry, whatever the number of requests and processes; who comes too late adopts what is stored.</summary>
public sealed class P22_One_refresh_per_expiry
{
    [Fact]
    public async Task Two_hundred_requests_in_each_of_four_processes_make_one_refresh()
    {
        const int Processes = 4, Requests = 200, Expiries = 3;
        await using var issuer = await RotatingIssuer.StartAsync();
        using var folder = new TokenFolder();
        await folder.SignInAsync(issuer);
        var processes = await Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => TokenProcess.UseAsync(folder.Path)));
        try
        {
            for (var expiry = 1; expiry <= Expiries; expiry++)
            {
                // The issuer is slow: it answers when all have asked.
                var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                issuer.BeforeActing = (_, _) => all.Task;
                await Task.WhenAll(processes.Select(static process => process.AskAsync(Requests)));
                all.SetResult();

                var answers = await Task.WhenAll(processes.Select(static process => process.LineAsync()));
                Assert.StartsWith("got at-f", Assert.Single(answers.Distinct(StringComparer.Ordinal)), StringComparison.Ordinal);
                Assert.Equal((expiry, 0, 1), (issuer.Refreshes, issuer.Reuses, issuer.MostSent));
                await folder.SignInAsync(issuer);
            }
        }
        finally
        {
            foreach (var process in processes)
            {
                await process.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_refusal_by_the_issuer_counts_only_while_the_stored_token_is_the_one_that_was_sent()
    {
        await using var issuer = await RotatingIssuer.StartAsync();
        using var folder = new TokenFolder();
        await folder.SignInAsync(issuer);
        await using var process = await TokenProcess.UseAsync(folder.Path);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        issuer.BeforeActing = async (number, _) =>
        {
            arrived.TrySetResult();
            await (number == 0 ? held.Task : Task.CompletedTask);
        };
        issuer.BeforeAnswering = static async (number, context) =>
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("""{"error":"invalid_grant"}""");
            return number == 0;
        };

        await process.AskAsync();
        await arrived.Task;
        // Somebody removes the lock and signs in anew, while the first refresh is on its way.
        File.Delete(folder["tokens.lock"]);
        await folder.SignInAsync(Grants.Of(issuer.Endpoint, issuer.SignIn(), TimeProvider.System.GetUtcNow()));
        held.SetResult();

        Assert.Equal("got at-first", await process.LineAsync());
        Assert.Equal((2, null), ((await folder.EntryAsync()).Grant.Generation, (await folder.EntryAsync()).Mark));
    }

    [Fact]
    public async Task Requests_of_one_process_share_one_refresh_and_a_late_refusal_of_the_old_token_makes_no_other()
    {
        await using var issuer = await RotatingIssuer.StartAsync();
        using var folder = new TokenFolder();
        await folder.SignInAsync(issuer, TimeSpan.FromMinutes(10));
        using var refresher = new HttpRefresher();
        await using var credential = new SignedInCredential(Grants.Target, folder.Store, refresher, TimeProvider.System, static () => 0.5);

        var old = (await credential.GetAsync(CancellationToken.None)).Secret!;
        Assert.Equal("at-first", old.Reveal());
        credential.Refused(old);
        var renewed = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => credential.GetAsync(CancellationToken.None).AsTask()));
        credential.Refused(old);
        credential.Refused();
        var later = await credential.GetAsync(CancellationToken.None);

        Assert.Equal("at-f1-1", Assert.Single(renewed.Append(later).Select(static result => result.Secret?.Reveal()).Distinct(StringComparer.Ordinal)));
        Assert.Equal((1, 0), (issuer.Requests, issuer.Reuses));
    }
}
