using Tuppence.State.Budgets;
using Tuppence.State.Ledger;
using Tuppence.Telemetry;

namespace Tuppence.Accounting;

/// <summary>A request that is being answered, as far as it is known. Written by its own thread; others may read it at any moment.</summary>
internal sealed class OpenRequest(string id, DateTimeOffset at, RequestKind kind)
{
    /// <summary>As in <see cref="LedgerEntry.Id"/>.</summary>
    public string Id => id;

    /// <summary>When it arrived.</summary>
    public DateTimeOffset At => at;

    /// <summary>What it is.</summary>
    public RequestKind Kind => kind;

    /// <summary>Name of the preset, or null.</summary>
    public string? Preset { get; set; }

    /// <summary>Name of the gateway key, or null.</summary>
    public string? Key { get; set; }

    /// <summary>The client.</summary>
    public string? Client { get; set; }

    /// <summary>Longest name of a model; of a longer one the beginning. Clients may send any.</summary>
    public const int LongestModel = 200;

    /// <summary>The model, once known.</summary>
    public string? Model
    {
        get;
        set => field = value is { Length: > LongestModel } ? value[..LongestModel] : value;
    }

    /// <summary>The upstream that is being asked, once known.</summary>
    public string? Upstream { get; set; }

    /// <summary>The conversation, once known.</summary>
    public string? Conversation { get; set; }

    /// <summary>The money held back for it, or null.</summary>
    public BudgetReservation? Reserved { get; set; }

    /// <summary>HTTP method of the client's request.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>The client's <c>traceparent</c> (https://www.w3.org/TR/trace-context), or null.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The client's <c>tracestate</c>, or null.</summary>
    public string? TraceState { get; init; }

    /// <summary>Its spans, or null where it is not traced.</summary>
    public RequestTrace? Trace { get; set; }

    /// <summary>True once the first byte of the answer's body is on its way to the client.</summary>
    public bool IsAnswering { get; set; }

    /// <summary>The answer's own id (<c>msg_…</c>), once it is over; null where it told none.</summary>
    public string? MessageId { get; set; }

    /// <summary>Output tokens that the answer has told so far.</summary>
    public long Output { get; set; }

    /// <summary>Bytes of the answer's body that were passed on so far.</summary>
    public long ResponseBytes { get; set; }
}
