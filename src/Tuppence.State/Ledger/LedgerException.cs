namespace Tuppence.State.Ledger;

/// <summary>The ledger cannot be read. The message says why and what to do.</summary>
public sealed class LedgerException : Exception
{
    /// <summary>Without words; for serializers only.</summary>
    public LedgerException()
    {
    }

    /// <summary>With words for people.</summary>
    public LedgerException(string message)
        : base(message)
    {
    }

    /// <summary>With words for people and what lies beneath.</summary>
    public LedgerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
