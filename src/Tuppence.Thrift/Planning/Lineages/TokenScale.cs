namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>What estimated tokens come to when they are billed, learned from each answer: recursive least squares through the origin.</summary>
internal sealed class TokenScale
{
    private const double Kept = 0.98;
    private const double PriorWeight = 0.25;
    private const double Least = 0.5;
    private const double Most = 2;

    /// <summary>Sum of estimates squared, in thousands of tokens.</summary>
    public double Squares { get; set; }

    /// <summary>Sum of estimates times bills, in thousands of tokens.</summary>
    public double Products { get; set; }

    /// <summary>Billed tokens for an estimated one, 0.5 to 2.</summary>
    public double Value => Math.Clamp((Products + PriorWeight) / (Squares + PriorWeight), Least, Most);

    /// <summary>Notes a bill. One that is absurdly far off says something else (another request's usage) and does not count.</summary>
    public void Add(int estimated, int billed)
    {
        if (estimated <= 0 || billed < estimated / 4 || billed > estimated * 4L)
        {
            return;
        }

        var (x, y) = (estimated / 1000.0, billed / 1000.0);
        Squares = (Squares * Kept) + (x * x);
        Products = (Products * Kept) + (x * y);
    }
}
