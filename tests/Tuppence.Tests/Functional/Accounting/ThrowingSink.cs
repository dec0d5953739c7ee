using Tuppence.Accounting;
using Tuppence.State.Ledger;

namespace Tuppence.Tests.Functional.Accounting;

/// <summary>A sink with a bug.</summary>
internal sealed class ThrowingSink : IRequestSink
{
    public void Began(OpenRequest request) => throw new InvalidOperationException("began");

    public void Advanced(OpenRequest request) => throw new InvalidOperationException("advanced");

    public void Ended(OpenRequest request, LedgerEntry entry) => throw new InvalidOperationException("ended");
}
