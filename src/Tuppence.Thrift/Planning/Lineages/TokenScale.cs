namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>What estimated tokens come to when they are billed, learned from each answer: a factor, and what each block adds; least squares that forget.</summary>
/// <remarks>Short messages are mostly frame, so a factor alone would misjudge them. Both begin at what the estimate says: 1, and nothing.</remarks>
internal sealed class TokenScale
{
    private const double Kept = 0.98;
    private const double Least = 0.5;
    private const double Most = 2;

    // How sure the beginning is: about 0.2 of the factor and 12 tokens a block, against 40 tokens that an estimate may be off at random.
    private const double PriorWeight = 0.05;
    private const double PriorBlocks = 10;

    /// <summary>Sums over the answers: estimates squared, estimates times blocks, blocks squared, and each of both times what was billed beyond the estimate. Tokens in thousands.</summary>
    public (double Squares, double Mixed, double Blocks, double Excess, double BlockExcess) Sums { get; set; }

    /// <summary>What an estimate comes to, 0.5 to 2 times as much.</summary>
    /// <param name="estimated">Tokens by the estimate.</param>
    /// <param name="blocks">Blocks that they are in.</param>
    public int Of(int estimated, int blocks)
    {
        var (x, mixed, n) = (Sums.Squares + PriorWeight, Sums.Mixed, Sums.Blocks + PriorBlocks);
        var determinant = (x * n) - (mixed * mixed);
        var factor = 1 + (((Sums.Excess * n) - (Sums.BlockExcess * mixed)) / determinant);
        var perBlock = 1000 * ((x * Sums.BlockExcess) - (mixed * Sums.Excess)) / determinant;
        return (int)Math.Round(Math.Clamp((factor * estimated) + (perBlock * blocks), estimated * Least, estimated * Most));
    }

    /// <summary>Notes a bill. One that is absurdly far off says something else (another request's usage) and does not count.</summary>
    public void Add(int estimated, int blocks, int billed)
    {
        if (estimated <= 0 || billed < estimated / 4 || billed > estimated * 4L)
        {
            return;
        }

        var (x, excess) = (estimated / 1000.0, (billed - estimated) / 1000.0);
        var old = Sums;
        Sums = (
            (old.Squares * Kept) + (x * x), (old.Mixed * Kept) + (x * blocks), (old.Blocks * Kept) + ((double)blocks * blocks),
            (old.Excess * Kept) + (x * excess), (old.BlockExcess * Kept) + (blocks * excess));
    }
}
