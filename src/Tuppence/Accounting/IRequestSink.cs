using Tuppence.State.Ledger;

namespace Tuppence.Accounting;

/// <summary>Hears of each request: the ledger, the live feed, budgets, metrics. Called on the request's own thread: it must neither wait nor throw.</summary>
internal interface IRequestSink
{
    /// <summary>A request has passed the guard.</summary>
    void Began(OpenRequest request);

    /// <summary>Its upstream, its model or its first byte is known now.</summary>
    void Advanced(OpenRequest request);

    /// <summary>It has come to its end.</summary>
    void Ended(OpenRequest request, LedgerEntry entry);
}
