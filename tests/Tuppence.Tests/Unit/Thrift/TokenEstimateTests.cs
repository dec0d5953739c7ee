using System.Text;
using Tuppence.Thrift.Planning.Lineages;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Tests.Unit.Thrift;

public sealed class TokenEstimateTests
{
    [Theory]
    [InlineData("plain English words", 10)]
    [InlineData("Привет", 8)]
    [InlineData("日本語", 8)]
    public void Each_script_has_its_weight(string text, int tokens) =>
        Assert.Equal(tokens, ScriptTokenCounter.Instance.Count(BlockKind.Text, Encoding.UTF8.GetBytes('"' + text + '"'), 0, beginsMessage: false));

    [Theory]
    [InlineData("Привет, мир: “да” – 日本語 😀", "\\u041f\\u0440\\u0438\\u0432\\u0435\\u0442, \\u043c\\u0438\\u0440: \\u201c\\u0434\\u0430\\u201d \\u2013 \\u65e5\\u672c\\u8a9e \\ud83d\\ude00")]
    [InlineData("a plain line with a slash / in it", "a plain line with a slash \\u002f in it")]
    [InlineData("odd ends", "odd ends\\")]
    public void Escapes_weigh_what_they_mean(string plain, string escaped) =>
        Assert.Equal(
            ScriptTokenCounter.Instance.Count(BlockKind.Text, Encoding.UTF8.GetBytes(plain), 0, beginsMessage: false),
            ScriptTokenCounter.Instance.Count(BlockKind.Text, Encoding.UTF8.GetBytes(escaped), 0, beginsMessage: false));

    [Fact]
    public void The_scale_finds_what_is_billed()
    {
        var scale = new TokenScale();
        for (var i = 1; i < 20; i++)
        {
            scale.Add(1000 * i, 10, 1300 * i);
        }

        Assert.InRange(scale.Of(10_000, 10), 12_900, 13_100);
    }

    [Fact]
    public void The_scale_learns_what_a_block_adds()
    {
        var scale = new TokenScale();
        for (var i = 1; i < 40; i++)
        {
            scale.Add(2000 + (60 * i), 3 + (2 * i), (int)((2000 + (60 * i)) * 0.9) - (5 * (3 + (2 * i))));
        }

        // Two short messages: 60 tokens by the estimate.
        Assert.InRange(scale.Of(4060, 70) - scale.Of(4000, 68), 42, 46);
    }

    [Fact]
    public void The_scale_stays_within_bounds_and_ignores_absurd_bills()
    {
        var scale = new TokenScale();
        scale.Add(1000, 10, 90_000);
        scale.Add(1000, 10, 0);
        Assert.Equal(1000, scale.Of(1000, 10));
        for (var i = 0; i < 50; i++)
        {
            scale.Add(1000, 10, 3500);
        }

        Assert.Equal(2000, scale.Of(1000, 10));
    }

    [Fact]
    public void Exact_counts_stay_exact()
    {
        var scale = new TokenScale();
        for (var i = 1; i < 50; i++)
        {
            scale.Add(777 * i, i, 777 * i);
        }

        Assert.Equal(123_457, scale.Of(123_457, 99));
    }
}
