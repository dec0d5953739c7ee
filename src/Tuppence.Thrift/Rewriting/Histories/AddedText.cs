namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>How much was added to the requests of one conversation: messages that are put back, wherever.</summary>
internal sealed class AddedText(RewritingOptions options)
{
    private double shares;
    private int requests;

    /// <summary>A copy that counts by itself.</summary>
    public AddedText Copy() => (AddedText)MemberwiseClone();

    /// <summary>Begins a request.</summary>
    public void Begin() => requests++;

    /// <summary>Counts what is added to the request at hand.</summary>
    public void Add(double share) => shares += share;

    /// <summary>Whether as much more may be added to the request at hand.</summary>
    public bool Fits(double share) => share <= options.HighWater && (shares + share) / Math.Max(1, requests) <= options.MeanAdded;
}
