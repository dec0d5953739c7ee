using Tuppence.Messages.Edits;

namespace Tuppence.Tests.Unit;

public sealed class MessagesBetaFilterTests
{
    private static readonly BetaFilter Filter = new(["context-1m-2025-08-07", "extended-*"]);

    [Theory]
    [InlineData("output-128k-2025-02-19,context-1m-2025-08-07", "output-128k-2025-02-19")]
    [InlineData("context-1m-2025-08-07, output-128k-2025-02-19 ,  x", "output-128k-2025-02-19 ,  x")]
    [InlineData("a,extended-cache-ttl-2025-04-11,b", "a,b")]
    public void Named_betas_go_and_the_others_keep_their_bytes(string line, string kept)
    {
        Assert.True(Filter.TryFilter([line], out var lines, out _));
        Assert.Equal([kept], lines);
    }

    [Fact]
    public void Lines_stay_lines_and_one_left_empty_goes()
    {
        Assert.True(Filter.TryFilter(["a , b", "context-1m-2025-08-07", " c"], out var lines, out var applied));
        Assert.Equal(["a , b", " c"], lines);
        Assert.Equal(new AppliedEdit("beta-filter", "dropped context-1m-2025-08-07"), applied);
    }

    [Fact]
    public void Where_all_go_no_line_is_left()
    {
        Assert.True(Filter.TryFilter(["extended-x, extended-y"], out var lines, out _));
        Assert.Empty(lines);
    }

    [Theory]
    [InlineData("context-1m-2025-08-07x")]
    [InlineData("a, b,,c")]
    [InlineData("")]
    public void What_is_not_named_passes(string line)
    {
        string[] before = [line];
        Assert.False(Filter.TryFilter(before, out var lines, out _));
        Assert.Same(before, lines);
    }
}
