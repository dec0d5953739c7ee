using System.Globalization;
using System.Threading.Channels;
using Tuppence.Tests.Scenes;
using Tuppence.TokenDriver;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Tests.Promises;

/// <summary>P25 at random moments: two processes refresh without end, and the one whose request has just arrived is killed.</summary>
/// <remarks>Twenty kills for each issuer; the environment variable <c>TUPPENCE_TEST_KILLS</c> makes it another number. The figures go to the test's output.</remarks>
public sealed class RefreshKillTests(ITestOutputHelper output)
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("TUPPENCE_TEST_KILLS") ?? "20", CultureInfo.InvariantCulture);

    [Fact]
    public async Task With_an_issuer_that_forgives_reuse_no_kill_costs_a_sign_in()
    {
        var run = await RunAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((0, 0), (run.SignIns, run.Issuer.Reuses));
    }

    [Fact]
    public async Task With_an_issuer_that_forgives_nothing_a_lost_answer_costs_a_sign_in_and_people_are_told()
    {
        var run = await RunAsync(TimeSpan.Zero);

        // Each sign-in that was lost is one that the issuer ended because a token came again, and that in turn is an answer that nobody stored.
        Assert.Equal(run.Issuer.Reuses, run.SignIns);
    }

    private async Task<(RotatingIssuer Issuer, int SignIns)> RunAsync(TimeSpan leeway)
    {
        // Tokens end at once, so that there is always a refresh under way.
        await using var issuer = await RotatingIssuer.StartAsync(leeway, lifetimeSeconds: 0.03);
        using var folder = new TokenFolder();
        await folder.SignInAsync(issuer);
        var random = new Random(2026);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60 + (4 * Kills)));
        var arrivals = Channel.CreateUnbounded<int>();
        issuer.BeforeActing = async (_, process) =>
        {
            arrivals.Writer.TryWrite(process);
            await Task.Delay(Math.Min(issuer.Requests % 13, 10));
        };

        var processes = new List<TokenProcess> { TokenProcess.Start("spin", folder.Path), TokenProcess.Start("spin", folder.Path) };
        var (signIns, torn, open, generation) = (0, 0, 0, 0L);
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                int id;
                do
                {
                    id = await arrivals.Reader.ReadAsync(limit.Token);
                }
                while (processes.TrueForAll(process => process.Id != id) || random.Next(4) > 0);

                // A moment that nobody chose: before the issuer acts, while it answers, while the answer is saved, or after.
                var victim = processes.Single(process => process.Id == id);
                await Task.Delay(TimeSpan.FromMicroseconds(random.Next(20_000)));
                victim.Signal(TokenProcess.Kill);
                await victim.ExitAsync();
                processes.Remove(victim);
                await victim.DisposeAsync();
                var (left, problem) = await folder.Store.ReadAsync(Grants.Upstream, CancellationToken.None);
                torn += problem is null && left is not null ? 0 : 1;
                open += left is { Mark.IsOpen: true } ? 1 : 0;
                processes.Add(TokenProcess.Start("spin", folder.Path));

                // The survivor, or the new one, recovers it or tells: then comes the next kill, of another refresh.
                StoredEntry entry;
                do
                {
                    await Task.Delay(1, limit.Token);
                    entry = await folder.EntryAsync();
                    Assert.True(entry.Grant.Generation >= generation, "The store went back in time.");
                }
                while (entry.Grant.Generation <= left!.Grant.Generation && entry.Mark?.Ended is null);
                generation = entry.Grant.Generation;
                if (entry.Mark?.Ended is { } ended)
                {
                    Assert.StartsWith("the last refresh was cut off: ", ended, StringComparison.Ordinal);
                    signIns++;
                    await folder.SignInAsync(issuer);
                }

                while (arrivals.Reader.TryRead(out _))
                {
                    // What arrived in the meantime is over.
                }
            }
        }
        finally
        {
            foreach (var process in processes)
            {
                await process.DisposeAsync();
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"leeway {leeway.TotalSeconds} s: {Kills} kills, {open} of them left a refresh open; {issuer.Refreshes} refreshes, {issuer.Forgiven} reuses forgiven, {issuer.Reuses} not; "
            + $"{torn} torn files; sign-ins needed {signIns}; no token sent more than {issuer.MostSent} times"));
        Assert.Equal(0, torn);
        Assert.InRange(issuer.MostSent, 1, 2);
        return (issuer, signIns);
    }
}
