using System.Text.RegularExpressions;
using Tuppence.Endpoints;
using Tuppence.Tests.Golden.Configuration;

namespace Tuppence.Tests.Unit;

/// <summary>The documents hold together: links lead somewhere, and the pages of the guide are what the program serves.</summary>
public sealed partial class DocsTests
{
    private static readonly string[] Skipped = ["artifacts", "node_modules", ".git", "bin", "obj"];

    public static TheoryData<string> Documents() =>
        new(Below(GoldenText.RepositoryRoot).Select(static file => Path.GetRelativePath(GoldenText.RepositoryRoot, file)).Order(StringComparer.Ordinal));

    public static TheoryData<string> GuidePages() =>
        new(Directory.EnumerateFiles(Guide, "*.md").Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal));

    private static string Guide => Path.Combine(GoldenText.RepositoryRoot, "docs", "guide");

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_relative_link_leads_to_a_file_and_to_a_heading_in_it(string document)
    {
        var path = Path.Combine(GoldenText.RepositoryRoot, document);
        var broken = Link().Matches(WithoutCode(File.ReadAllText(path)))
            .Select(static match => match.Groups["target"].Value)
            .Where(target => !target.Contains(':', StringComparison.Ordinal) && !Leads(path, target))
            .ToArray();
        Assert.Empty(broken);
    }

    [Theory]
    [MemberData(nameof(GuidePages))]
    public void Every_page_of_the_guide_begins_with_its_title_and_is_served(string page)
    {
        var lines = File.ReadAllLines(Path.Combine(Guide, page));
        Assert.Matches("^# [^#]", lines[0]);
        Assert.Contains(page, Docs.Names, StringComparer.Ordinal);
        Assert.Equal(lines[0][2..], Docs.Title(page));
    }

    [Fact]
    public void Every_page_of_the_guide_is_linked_from_the_readme()
    {
        var readme = File.ReadAllText(Path.Combine(GoldenText.RepositoryRoot, "README.md"));
        Assert.All(Directory.EnumerateFiles(Guide, "*.md"), page => Assert.Contains($"docs/guide/{Path.GetFileName(page)}", readme, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[x](nowhere.md)", false)]
    [InlineData("[x](README.md#no-such-heading)", false)]
    [InlineData("[x](README.md#start)", true)]
    [InlineData("[x](docs/decisions/)", true)]
    [InlineData("`[x](nowhere.md)`", true)]
    public void A_link_to_nowhere_is_found(string text, bool leads)
    {
        var from = Path.Combine(GoldenText.RepositoryRoot, "README.md");
        Assert.Equal(leads, Link().Matches(WithoutCode(text)).All(match => Leads(from, match.Groups["target"].Value)));
    }

    private static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateFiles(folder, "*.md").Concat(
            Directory.EnumerateDirectories(folder).Where(static sub => !Skipped.Contains(Path.GetFileName(sub), StringComparer.Ordinal)).SelectMany(Below));

    private static bool Leads(string document, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? document : Path.GetFullPath(parts[0], Path.GetDirectoryName(document)!);
        return Directory.Exists(path) || (File.Exists(path) && (parts.Length == 1 || Anchors(path).Contains(parts[1], StringComparer.Ordinal)));
    }

    /// <summary>Anchors of a page's headings, formed as GitHub forms them.</summary>
    private static IEnumerable<string> Anchors(string path) =>
        File.ReadLines(path).Where(static line => line.StartsWith('#'))
            .Select(static line => string.Concat(line.TrimStart('#', ' ').ToLowerInvariant().Where(static c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-'));

    private static string WithoutCode(string text) => Code().Replace(text, "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline, 1000)]
    private static partial Regex Code();
}
