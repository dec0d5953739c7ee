using System.Text.RegularExpressions;
using Tuppence.Tests.Golden.Configuration;

namespace Tuppence.Tests.Unit;

/// <summary>docs/complaints.md names tests that are there, for each complaint at least one.</summary>
public sealed partial class ComplaintTableTests
{
    private static readonly string[] Rows =
        [.. File.ReadLines(Path.Combine(GoldenText.RepositoryRoot, "docs", "complaints.md")).Where(static line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| Complaint ", StringComparison.Ordinal))];

    private static readonly HashSet<string> Tests =
        [.. typeof(ComplaintTableTests).Assembly.GetTypes().SelectMany(static type => type.GetMethods()
            .Where(static method => method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0).Select(method => $"{type.Name}.{method.Name}"))];

    [Fact]
    public void There_are_at_least_twenty() => Assert.InRange(Rows.Length, 20, 100);

    [Fact]
    public void Each_names_a_test_and_each_test_is_there() =>
        Assert.All(Rows, static row =>
        {
            var named = Test().Matches(row.Split('|')[3]).Select(static match => match.Groups["name"].Value).ToList();
            Assert.NotEmpty(named);
            Assert.All(named, static name => Assert.Contains(name, Tests));
        });

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.None, 1000)]
    private static partial Regex Test();
}
