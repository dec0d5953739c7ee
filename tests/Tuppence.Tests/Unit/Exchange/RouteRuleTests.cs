using System.Text.RegularExpressions;
using CsCheck;
using Tuppence.Exchange;

namespace Tuppence.Tests.Unit.Exchange;

public sealed class RouteRuleTests
{
    [Theory]
    [InlineData("claude-opus-*", "claude-opus-4-8", true)]
    [InlineData("claude-opus-*", "claude-opus-", true)]
    [InlineData("claude-opus-*", "claude-sonnet-5", false)]
    [InlineData("*", "", true)]
    [InlineData("*-5", "claude-sonnet-5", true)]
    [InlineData("*sonnet*", "anthropic.claude-sonnet-5-v1:0", true)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a*b*c", "a-c-b", false)]
    [InlineData("claude-opus-4", "claude-opus-4-8", false)]
    [InlineData("Claude", "claude", false)]
    public void A_star_stands_for_any_run_of_characters(string pattern, string text, bool matches) => Assert.Equal(matches, RouteRule.Matches(pattern, text));

    [Fact]
    public void It_agrees_with_the_regular_expression_that_means_the_same() =>
        Gen.Select(Gen.String[Gen.Char["ab*"], 0, 8], Gen.String[Gen.Char["ab"], 0, 12]).Sample((pattern, text) =>
            Assert.Equal(
                Regex.IsMatch(text, "^" + pattern.Replace("*", ".*", StringComparison.Ordinal) + "\\z", RegexOptions.Singleline, TimeSpan.FromSeconds(5)),
                RouteRule.Matches(pattern, text)));
}
