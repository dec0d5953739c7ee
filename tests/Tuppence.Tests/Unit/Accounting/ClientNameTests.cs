using Tuppence.Accounting;

namespace Tuppence.Tests.Unit.Accounting;

public sealed class ClientNameTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("   ", null)]
    [InlineData("SillyTavern/1.13.5", "SillyTavern/1.13.5")]
    [InlineData("node-fetch", "node-fetch")]
    [InlineData("claude-cli/2.1.197 (external, cli)", "claude-cli/2.1.197")]
    [InlineData("a\u0001b\u007f\u00e9/1\u2028", "ab/1")]
    public void It_is_the_first_product_and_its_version(string? header, string? name) => Assert.Equal(name, ClientName.Of(header));

    [Fact]
    public void It_is_cut_to_its_bound() => Assert.Equal(new string('x', ClientName.Longest), ClientName.Of(new string('x', 10_000)));
}
