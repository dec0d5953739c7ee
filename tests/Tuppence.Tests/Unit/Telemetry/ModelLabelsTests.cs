using Tuppence.Telemetry;

namespace Tuppence.Tests.Unit.Telemetry;

public sealed class ModelLabelsTests
{
    [Fact]
    public void However_many_names_clients_make_up_there_are_few_labels()
    {
        var labels = new ModelLabels();
        var made = Enumerable.Range(0, 5_000).SelectMany(static i => new[] { $"claude-haiku-4-5-{i + 20_000_000}", $"r{i}.anthropic.claude-sonnet-5", $"model-{i}", new string('m', 200 + i) });
        Assert.InRange(made.Select(labels.Of).Distinct(StringComparer.Ordinal).Count(), 1, 110);
    }

    [Fact]
    public void Names_of_the_table_stay_and_what_it_understands_keeps_its_model()
    {
        var labels = new ModelLabels();
        for (var i = 0; i < 100; i++)
        {
            labels.Of($"model-{i}");
        }

        Assert.Equal(
            ["claude-haiku-4-5-20251001", "claude-haiku-4-5", "claude-sonnet-5", "other", "", ""],
            new[] { "claude-haiku-4-5-20251001", "claude-haiku-4-5", "us.anthropic.claude-sonnet-5", "one-more", "", null }.Select(labels.Of),
            StringComparer.Ordinal);
    }
}
