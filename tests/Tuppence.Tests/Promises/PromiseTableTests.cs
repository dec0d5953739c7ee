using System.Text;
using Tuppence.Tests.Golden.Configuration;

namespace Tuppence.Tests.Promises;

/// <summary>docs/promises.md and the classes of this folder link each other.</summary>
public sealed class PromiseTableTests
{
    private static readonly string[] Rows =
        [.. File.ReadLines(Path.Combine(GoldenText.RepositoryRoot, "docs", "promises.md")).Where(static line => line.StartsWith("| P", StringComparison.Ordinal) && char.IsAsciiDigit(line[3]))];

    private static readonly string[] Classes =
        [.. typeof(PromiseTableTests).Assembly.GetTypes()
            .Where(static type => type.Namespace == typeof(PromiseTableTests).Namespace && type.IsPublic && type.Name is ['P', >= '0' and <= '9', >= '0' and <= '9', '_', ..])
            .Select(static type => type.Name)];

    [Fact]
    public void Every_class_of_a_promise_is_in_the_table() =>
        Assert.All(Classes, static name => Assert.Contains(Rows, row => row.Contains($"`{name}`", StringComparison.Ordinal) && row.StartsWith($"| P{int.Parse(name.AsSpan(1, 2), null)} ", StringComparison.Ordinal)));

    [Fact]
    public void Every_class_of_the_table_is_there() =>
        Assert.All(
            Rows.SelectMany(static row => row.Split('`').Where(static (_, index) => index % 2 == 1)).Where(static name => name.StartsWith('P') && name.Contains('_', StringComparison.Ordinal) && !name.Contains('.', StringComparison.Ordinal)),
            static name => Assert.Contains(name, Classes, StringComparer.Ordinal));

    [Fact]
    public void Every_class_names_its_promise() =>
        Assert.All(Classes, static name => Assert.Contains(
            $"/// <summary>\n/// P{int.Parse(name.AsSpan(1, 2), null)}",
            new StringBuilder(File.ReadAllText(Path.Combine(GoldenText.RepositoryRoot, "tests", "Tuppence.Tests", "Promises", name + ".cs"))).Replace("<summary>P", "<summary>\n/// P").ToString(),
            StringComparison.Ordinal));
}
