using Tuppence.Dashboard.Requests;
using Tuppence.Exchange;
using Tuppence.Messages.Errors;
using Tuppence.Messages.Pricing;
using Tuppence.Messages.Usage;
using Tuppence.State.Ledger;
using Tuppence.Thrift.Accounts;

namespace Tuppence.Accounting;

/// <summary>
/// What becomes known of one request while it is answered, and at its end the row that it leaves behind. Told to the sinks when it begins, when it
/// has come further, and once, in whatever way it ends. Written by the request's own thread.
/// </summary>
internal sealed class RequestRecord
{
    private readonly RequestSinks sinks;
    private RequestClock clock;
    private int ended;
    private bool wasCut;

    /// <summary>Begins with a request that has just come, and tells the sinks.</summary>
    public RequestRecord(GatewayState state, OpenRequest open)
    {
        (sinks, Open, IsWatched) = (state.Sinks, open, !state.Sinks.IsEmpty);
        clock = new RequestClock(state.Time);
        Log = new RequestLog(state.Log, open.Id);
        if (IsWatched)
        {
            sinks.Began(open);
        }
    }

    /// <summary>What the sinks see of it meanwhile.</summary>
    public OpenRequest Open { get; }

    /// <summary>Where its lines are logged, each with its id.</summary>
    public ILogger Log { get; }

    /// <summary>False where nobody listens, so that only what the log tells need be known.</summary>
    public bool IsWatched { get; }

    /// <summary>Where its time goes.</summary>
    public ref RequestClock Clock => ref clock;

    /// <summary>How it ended; null until that is known.</summary>
    public RequestOutcome? Outcome { get; set; }

    /// <summary>Status that the client was given, or null.</summary>
    public int? Status { get; set; }

    /// <summary>Error that Tuppence told the client.</summary>
    public string? ErrorType { get; set; }

    /// <summary>Where it was sent to; null where nowhere.</summary>
    public Upstream? Upstream { get; set; }

    /// <summary>Whether writes to the cache are meant to live for an hour alone, where the answer does not tell.</summary>
    public bool WritesHour { get; set; }

    /// <summary>True where the upstream served the request and what it told of usage is in a form that cannot be read.</summary>
    public bool IsUnreadable { get; set; }

    /// <summary>Whether the answer is a stream.</summary>
    public bool IsStream { get; set; }

    /// <summary>The provider's id of the request.</summary>
    public string? ProviderId { get; set; }

    /// <summary>Reads what the answer tells of itself; null until there is one that tells.</summary>
    public UsageReader? Usage { get; set; }

    /// <summary>Times that it was sent.</summary>
    public int Attempts { get; set; }

    /// <summary>The declared edits.</summary>
    public string Edits { get; set; } = "";

    /// <summary>The conversation's title, where it may be kept.</summary>
    public string? Title { get; set; }

    /// <summary>What the planner says of it.</summary>
    public TurnAccount? Turn { get; set; }

    /// <summary>Size of the request's body.</summary>
    public long RequestBytes { get; set; }

    /// <summary>Its body before and after its edits, where both are at hand, and its answer where bodies are kept.</summary>
    public RequestBodies? Bodies { get; private set; }

    /// <summary>Takes the body as it came, in case that it is edited, or that bodies are kept.</summary>
    public void Came(ReadOnlyMemory<byte> body, bool keepsAll) => Bodies = IsWatched ? RequestBodies.Begin(body, keepsAll) : null;

    /// <summary>Takes the body as it was sent. Without edits nothing of both is kept, unless bodies are kept anyway.</summary>
    public void Sent(ReadOnlyMemory<byte>? body)
    {
        if (Bodies is not { } bodies || (Edits.Length == 0 && bodies.KeepsAll))
        {
            return;
        }

        if (Edits.Length == 0 || body is not { } sent || !bodies.End(sent))
        {
            bodies.Release();
            Bodies = null;
        }
    }

    /// <summary>Hands the bodies over.</summary>
    public RequestBodies? TakeBodies()
    {
        var bodies = Bodies;
        Bodies = null;
        return bodies;
    }

    /// <summary>Tells the sinks that more is known.</summary>
    public void Advance()
    {
        if (IsWatched)
        {
            sinks.Advanced(Open);
        }
    }

    /// <summary>The first byte of the answer's body is here.</summary>
    public void Answering()
    {
        clock.FirstByte();
        Open.IsAnswering = true;
        Advance();
    }

    /// <summary>Tuppence itself tells the client that something is wrong.</summary>
    public void Failed(GatewayError error)
    {
        if (error.Kind == ErrorKind.UploadCut)
        {
            // There is nobody whom it could be told.
            wasCut = true;
            ClientLeft();
            return;
        }

        ErrorType = error.Type.WireName();
        Outcome = error.Source == ErrorSource.Upstream ? RequestOutcome.Unreachable : RequestOutcome.Refused;
    }

    /// <summary>The client left before the end of the answer.</summary>
    public void ClientLeft() => Outcome = RequestOutcome.ClientLeft;

    /// <summary>Ends the record, once, and tells the sinks. Call it when all that the client gets is on its way.</summary>
    public void End(HttpContext context)
    {
        Status = !wasCut && (context.Response.HasStarted || !context.RequestAborted.IsCancellationRequested) ? context.Response.StatusCode : null;
        End(Outcome ?? (context.RequestAborted.IsCancellationRequested ? RequestOutcome.ClientLeft : RequestOutcome.Completed));
    }

    /// <summary>As the other, for requests of Tuppence's own.</summary>
    public void End(RequestOutcome outcome)
    {
        if (Interlocked.Exchange(ref ended, 1) == 0 && IsWatched)
        {
            Open.MessageId = Usage?.MessageId;
            sinks.Ended(Open, EntryOf(outcome));
        }
    }

    private LedgerEntry EntryOf(RequestOutcome outcome)
    {
        // What counting tokens tells is no usage, and costs nothing.
        var counts = Open.Kind != RequestKind.CountTokens;
        var usage = !counts ? null : IsUnreadable ? Entries.Unreadable : Usage is null ? null : Entries.UsageOf(Usage, WritesHour);
        var model = Usage?.Model ?? Open.Model;
        return new LedgerEntry
        {
            Id = Open.Id,
            At = Open.At,
            Kind = Open.Kind,
            Outcome = outcome,
            Conversation = Open.Conversation,
            Title = Title,
            Preset = Open.Preset,
            Key = Open.Key,
            Client = Open.Client,
            Upstream = Open.Upstream,
            Platform = Upstream?.Platform,
            Model = model,
            Status = Status,
            IsStream = IsStream,
            StopReason = Usage?.StopReason,
            ErrorType = ErrorType ?? Usage?.ErrorType,
            ProviderId = ProviderId,
            Usage = usage,
            Cost = usage is null ? null : Entries.CostOf(usage, model, Open.At, new BilledUsage
            {
                Speed = Usage?.Speed,
                Platform = Upstream?.Platform,
                IsRegional = Upstream?.IsRegional(Open.Model) == true,
            }),
            Times = clock.End(),
            Retries = Math.Max(0, Attempts - 1),
            Edits = Edits,
            Turn = Turn is null ? null : Entries.TurnOf(Turn),
            RequestBytes = RequestBytes,
            ResponseBytes = Open.ResponseBytes,
        };
    }
}
