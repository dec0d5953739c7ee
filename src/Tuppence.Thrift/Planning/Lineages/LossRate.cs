namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>How often the provider no longer had what it should have held: learned from bills. Old ones fade by 1 % with each new one.</summary>
internal sealed class LossRate
{
    private const double Kept = 0.99;

    // How many reads that went well the beginning is worth: one loss says little.
    private const double PriorWeight = 20;

    // Where more is lost than this, it is no early loss but an upstream that does not cache; the mirror and the guard see to that.
    private const double Most = 0.2;

    /// <summary>Weight of all reads that were forecast.</summary>
    public double Reads { get; set; }

    /// <summary>Weight of those that failed.</summary>
    public double Lost { get; set; }

    /// <summary>The share to expect, 0 to 0.2; 0 where none was ever lost.</summary>
    public double Rate => Math.Min(Most, Lost / (Reads + PriorWeight));

    /// <summary>Notes a bill.</summary>
    /// <param name="forecast">Tokens that should have been read.</param>
    /// <param name="read">Tokens that were.</param>
    public void Add(int forecast, int read)
    {
        if (forecast > 0)
        {
            (Reads, Lost) = ((Reads * Kept) + 1, (Lost * Kept) + (read < forecast / 2 ? 1 : 0));
        }
    }
}
