using Tuppence.Thrift.Baselines;
using Tuppence.Thrift.Benchmarks;

namespace Tuppence.Tests.Unit.Thrift.Replays;

/// <summary>
/// The simulator agrees with figures that were computed independently, to three digits. Where the recorded traces do not lie beside the checkout,
/// the figures that were last kept of them are held against the same table.
/// </summary>
public sealed class ReferenceFigureTests
{
    private static readonly Lazy<IReadOnlyList<BenchScore>> Scores = new(static () => CacheBench.Score(RecordedTraces.Cases, [], Baseline.Programs));

    [Theory]
    [InlineData("author-note", 1.250, 1.087, 1.087, 0.220, "sys+d4/5m", 1.079, 0.161, 0.149)]
    [InlineData("author-note-stcache", 1.250, 1.087, 1.087, 0.220, "sys+d4/5m", 1.079, 0.161, 0.149)]
    [InlineData("group-swap", 1.250, 1.159, 0.181, 0.172, "sys+d2/5m", 0.172, 0.132, 0.119)]
    [InlineData("lorebook", 0.830, 0.813, 0.812, 0.759, "sys+d4/5m", 0.816, 0.514, 0.451)]
    [InlineData("lorebook-stcache", 0.830, 0.813, 0.812, 0.759, "sys+d4/5m", 0.816, 0.515, 0.452)]
    [InlineData("macros", 1.250, 1.250, 1.250, 1.000, "off", 1.243, 0.982, 0.982)]
    [InlineData("plain", 0.130, 0.130, 0.130, 0.096, "sys+d0/1h", 0.149, 0.093, 0.083)]
    [InlineData("plain-stcache", 0.130, 0.130, 0.130, 0.096, "sys+d0/1h", 0.149, 0.093, 0.083)]
    [InlineData("summarize", 0.704, 0.682, 0.682, 0.682, "sys+d0/5m", 0.691, 0.563, 0.550)]
    [InlineData("swipes-and-edits", 0.858, 0.747, 0.129, 0.103, "sys+d0/1h", 0.149, 0.087, 0.081)]
    [InlineData("truncation", 1.074, 0.945, 0.945, 0.848, "sys+only/1h", 0.946, 0.742, 0.741)]
    public void Every_column_is_reproduced(string trace, double automatic, double liteLlm, double roo, double best, string setting, double depth2, double bound, double withPings)
    {
        double[] expected = [automatic, liteLlm, roo, best, depth2, bound, withPings];
        var (figures, name) = Figures(trace);
        Assert.Equal(expected, figures.Select(static figure => Math.Round(figure, 3, MidpointRounding.AwayFromZero)));
        Assert.Equal(setting, name);
    }

    private static (double[] Figures, string Setting) Figures(string trace)
    {
        string[] columns = [Baseline.Automatic.Name, Baseline.LiteLlm.Name, Baseline.RooAndLibreChat.Name];
        if (RecordedTraces.Cases.Count > 0)
        {
            var score = Scores.Value.Single(score => score.Case.Name == trace);
            double Of(string column) => score.Share(score.Yardsticks.Placements.Single(placement => placement.Name == column).Cost);
            return ([.. columns.Select(Of), score.SillyTavern, Of(Baseline.SillyTavernAtDepth2.Name), score.LowerBound, score.Share(score.Yardsticks.LowerBoundWithPings)], score.Yardsticks.SillyTavernBest.Name);
        }

        var kept = RecordedTraces.Kept.GetProperty("recorded").GetProperty("traces").GetProperty(trace);
        double Kept(string member) => kept.GetProperty(member).GetDouble();
        double Column(string column) => kept.GetProperty("placements").GetProperty(column).GetDouble();
        return ([.. columns.Select(Column), Kept("sillytavern_best"), Column(Baseline.SillyTavernAtDepth2.Name), Kept("lower_bound"), Kept("lower_bound_with_pings")], kept.GetProperty("sillytavern_setting").GetString()!);
    }
}
