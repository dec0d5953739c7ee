using CsCheck;
using Tuppence.Thrift.Planning.Choosing;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Tests.Unit.Thrift;

public sealed class BreakpointChoiceTests
{
    private static readonly RenewalPrices Prices = new(0.05, 1.25, 2);

    private static readonly Gen<Candidate[]> Candidates =
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 900], Gen.Double[0, 1.3], Gen.Double[0, 2.2]).Array[1, 7].Select(static steps =>
        {
            var (block, tokens) = (0, 0);
            return steps.Select(step =>
            {
                block += step.Item1;
                tokens += step.Item2;
                return new Candidate(block, block, tokens, tokens, new RenewalValue(step.Item3, step.Item4));
            }).ToArray();
        });

    [Fact]
    public void No_choice_is_better_than_the_one_made() =>
        Gen.Select(Candidates, Gen.Int[-1, 3], Gen.Bool).Sample(static (candidates, hit, hours) =>
        {
            var limits = new Limits(hit - 18, hours, Allows5m: true, Prices);
            var best = BreakpointChoice.Best(candidates, limits);
            Assert.Equal(BruteForce(candidates, limits), best.Gain, 6);
            Assert.Equal(best.Gain, Worth(candidates, Chosen(candidates, best)), 6);
        });

    [Fact]
    public void An_hour_never_comes_after_five_minutes() =>
        Candidates.Sample(static candidates =>
        {
            var best = BreakpointChoice.Best(candidates, new Limits(-1, Allows1h: true, Allows5m: true, Prices));
            for (var i = 1; i < best.Count; i++)
            {
                Assert.True(best[i].Ttl <= best[i - 1].Ttl && best[i].Block > best[i - 1].Block);
            }
        });

    [Fact]
    public void One_breakpoint_is_kept_back_where_the_entry_would_not_be_found()
    {
        var candidates = Enumerable.Range(0, 4).Select(static i => new Candidate(30 + i, 30 + i, 100 * (i + 1), 100 * (i + 1), new RenewalValue(1.2 - (i * 0.1), 0))).ToArray();
        Assert.Equal(4, BreakpointChoice.Best(candidates, new Limits(11, false, true, Prices)).Count);
        Assert.Equal(3, BreakpointChoice.Best(candidates, new Limits(10, false, true, Prices)).Count);
    }

    [Fact]
    public void What_another_request_is_writing_gains_nothing()
    {
        var pending = new Candidate(5, 5, 1000, 0, new RenewalValue(1.1, 1.9));
        Assert.Equal(0, BreakpointChoice.Best([pending], new Limits(-1, true, true, Prices)).Count);
    }

    private static List<(int Candidate, Ttl Ttl)> Chosen(Candidate[] candidates, in Choice choice)
    {
        var chosen = new List<(int, Ttl)>();
        for (var i = 0; i < choice.Count; i++)
        {
            var block = choice[i].Block;
            chosen.Add((Array.FindIndex(candidates, candidate => candidate.Block == block), choice[i].Ttl));
        }

        return chosen;
    }

    private static double Worth(Candidate[] candidates, List<(int Candidate, Ttl Ttl)> chosen)
    {
        var (worth, before) = (0.0, 0.0);
        foreach (var (index, ttl) in chosen)
        {
            var candidate = candidates[index];
            worth += (candidate.Tokens - before) * (ttl == Ttl.OneHour ? candidate.Value.For1h - 1 : candidate.Value.For5m - 0.25);
            before = candidate.Tokens;
        }

        return worth;
    }

    private static double BruteForce(Candidate[] candidates, Limits limits)
    {
        var best = 0.0;
        for (var set = 1; set < 1 << candidates.Length; set++)
        {
            var indices = Enumerable.Range(0, candidates.Length).Where(i => (set & (1 << i)) != 0).ToArray();
            var covered = limits.HitPosition < 0 || candidates[indices[0]].Position - limits.HitPosition < limits.Lookback;
            if (indices.Length > (covered ? 4 : 3))
            {
                continue;
            }

            for (var hours = 0; hours <= (limits.Allows1h ? indices.Length : 0); hours++)
            {
                best = Math.Max(best, Worth(candidates, [.. indices.Select((index, i) => (index, i < hours ? Ttl.OneHour : Ttl.FiveMinutes))]));
            }
        }

        return best;
    }
}
