using System.Globalization;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P25 at random moments: two processes refresh without end, and the one whose request has just arrived is killed.</summary>
/// <remarks>Twenty kills for each issuer; the environment variable <c>TUPPENCE_TEST_KILLS</c> makes it another number. The figures go to the test's output.</remarks>
public sealed class RefreshKillTests(ITestOutputHelper output)
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("TUPPENCE_TEST_KILLS") ?? "20", CultureInfo.InvariantCulture);

    [Fact]
    public async Task With_an_issuer_that_forgives_reuse_only_two_kills_of_one_refresh_cost_a_sign_in()
    {
        var run = await RunAsync(TimeSpan.FromSeconds(30));

        // A token whose one more try is killed as well is not sent a third time; that is the only way to lose a sign-in here.
        Assert.Equal((run.CutTwice, 0), (run.SignIns, run.Issuer.Reuses));
    }

    [Fact]
    public async Task With_an_issuer_that_forgives_nothing_a_lost_answer_costs_a_sign_in_and_people_are_told()
    {
        var run = await RunAsync(TimeSpan.Zero);

        // Each sign-in that was lost is one that the issuer ended because a token came again, which in turn is an answer that nobody stored; or its
        // one more try was killed as well.
        Assert.InRange(run.SignIns, run.Issuer.Reuses, run.Issuer.Reuses + run.CutTwice);
    }

    private async Task<(RotatingIssuer Issuer, int SignIns, int CutTwice)> RunAsync(TimeSpan leeway)
    {
        // Tokens end at once, so that there is always a refresh under way.
        await using var issuer = await RotatingIssuer.StartAsync(leeway, lifetimeSeconds: 0.03);
        using var folder = new TokenFolder();
        await folder.SignInAsync(issuer);
        var random = new Random(2026);
        var arrivals = System.Threading.Channels.Channel.CreateUnbounded<int>();
        issuer.BeforeActing = async (_, process) =>
        {
            arrivals.Writer.TryWrite(process);
            await Task.Delay(Math.Min(issuer.Requests % 13, 10));
        };

        var processes = new List<TokenProcess> { TokenProcess.Start("spin", folder.Path), TokenProcess.Start("spin", folder.Path) };
        var (signIns, torn, open, cutTwice, generation) = (0, 0, 0, 0, 0L);
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                TokenProcess? victim;
                do
                {
                    var id = await ArrivalAsync(arrivals.Reader, folder, issuer, Ended);
                    victim = processes.Find(process => process.Id == id);
                }
                while (victim is null || random.Next(4) > 0);

                // A moment that nobody chose: before the issuer acts, while it answers, while the answer is saved, or after.
                await Task.Delay(TimeSpan.FromMicroseconds(random.Next(20_000)));
                victim.Signal(TokenProcess.Kill);
                await victim.ExitAsync();
                processes.Remove(victim);
                await victim.DisposeAsync();
                var (entry, problem) = await folder.Store.ReadAsync(TokenDriver.Grants.Upstream, CancellationToken.None);
                torn += problem is null && entry is not null ? 0 : 1;
                open += entry is { Mark.IsOpen: true } ? 1 : 0;
                Assert.True(entry!.Grant.Generation >= generation, "The store went back in time.");
                generation = entry.Grant.Generation;
                processes.Add(TokenProcess.Start("spin", folder.Path));
            }

            // Whatever the last kill left, it ends well or is told.
            await ArrivalAsync(arrivals.Reader, folder, issuer, Ended);
            await Gate.UntilAsync(() => folder.Store.ReadAsync(TokenDriver.Grants.Upstream, CancellationToken.None).AsTask().Result.Entry is { } entry
                && (entry.Grant.Generation > generation || entry.Mark?.Ended is not null));
            if ((await folder.EntryAsync()).Mark?.Ended is { } ended)
            {
                Ended(ended);
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
            $"leeway {leeway.TotalSeconds} s: {Kills} kills, {open} of them left a refresh open, {cutTwice} of those again in the one more try; {issuer.Refreshes} refreshes, {issuer.Forgiven} reuses forgiven, {issuer.Reuses} not; "
            + $"{torn} torn files; sign-ins needed {signIns}; no token sent more than {issuer.MostSent} times"));
        Assert.Equal(0, torn);
        Assert.InRange(issuer.MostSent, 1, 2);
        return (issuer, signIns, cutTwice);

        void Ended(string why)
        {
            signIns++;
            cutTwice += why.Contains("cut off twice", StringComparison.Ordinal) ? 1 : 0;
        }
    }

    // The next process that asks; a person signs in anew where none can.
    private static async Task<int> ArrivalAsync(System.Threading.Channels.ChannelReader<int> arrivals, TokenFolder folder, RotatingIssuer issuer, Action<string> ended)
    {
        while (true)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            try
            {
                return await arrivals.ReadAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                if ((await folder.EntryAsync()).Mark?.Ended is { } why)
                {
                    ended(why);
                    await folder.SignInAsync(issuer);
                }
            }
        }
    }
}
