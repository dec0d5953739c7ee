namespace Tuppence.Thrift.SingleFlight;

/// <summary>A request's leave to be sent. The first of several holds the others back until it calls <see cref="Began"/> or is disposed of.</summary>
public sealed class Flight : IDisposable
{
    private readonly SingleFlightGate? gate;
    private readonly string scope = "";
    private readonly IReadOnlyList<UInt128> prefixes = [];
    private readonly TaskCompletionSource<bool>? landing;

    internal Flight(TimeSpan waited) => Waited = waited;

    internal Flight(SingleFlightGate gate, string scope, IReadOnlyList<UInt128> prefixes, TaskCompletionSource<bool> landing, TimeSpan waited)
        : this(waited)
    {
        (this.gate, this.scope, this.prefixes, this.landing) = (gate, scope, prefixes, landing);
    }

    /// <summary>Whether others wait for this one.</summary>
    public bool Leads => landing is not null;

    /// <summary>How long it was held back.</summary>
    public TimeSpan Waited { get; }

    /// <summary>The response has begun: what it wrote can be read now, and all who wait may go. Calling it again does nothing.</summary>
    /// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching, "a cache entry only becomes available after the first response begins".</remarks>
    public void Began() => End(readable: true);

    /// <summary>The request is over. Where its response never began, one of those who wait goes in its place.</summary>
    public void Dispose() => End(readable: false);

    private void End(bool readable)
    {
        if (landing is not null)
        {
            gate!.End(scope, prefixes, landing, readable);
        }
    }
}
