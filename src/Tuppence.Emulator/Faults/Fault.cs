using Tuppence.Messages.Errors;

namespace Tuppence.Emulator.Faults;

/// <summary>One scripted fault. See <see cref="FaultSyntax"/> for how it is written.</summary>
internal sealed record Fault
{
    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The fault as it was written, for lists.</summary>
    public required string Text { get; init; }

    /// <summary>Status of an error answer, 400 to 599.</summary>
    public int Status { get; init; } = 500;

    /// <summary>Error type of an answer or event; <see langword="null"/>: the one that belongs to the status.</summary>
    public ErrorType? Type { get; init; }

    /// <summary>Its message; <see langword="null"/>: a plain one.</summary>
    public string? Message { get; init; }

    /// <summary>Value of <c>retry-after</c>, seconds or a date.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>Value of <c>x-should-retry</c>.</summary>
    public string? ShouldRetry { get; init; }

    /// <summary>Strikes when so many bytes of the body are sent.</summary>
    public long? AfterBytes { get; init; }

    /// <summary>Strikes when so many events are sent.</summary>
    public int? AfterEvents { get; init; }

    /// <summary>Length of a stall; <see langword="null"/>: until the client leaves.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>Speed of a slow body.</summary>
    public int BytesPerSecond { get; init; } = 1;

    /// <summary>Where garbage stands.</summary>
    public GarbagePlace Place { get; init; }

    /// <summary>How many requests a queued fault befalls.</summary>
    public int Times { get; init; } = 1;

    /// <summary>The path a queued fault waits for; <c>*</c> is any under <c>/v1/</c>.</summary>
    public string Path { get; init; } = "/v1/messages";

    /// <summary>Strikes instead of, or ahead of, the response's head.</summary>
    public bool BeforeHead => Kind switch
    {
        FaultKind.Cut or FaultKind.Reset or FaultKind.Stall => AfterBytes is null && AfterEvents is null,
        FaultKind.Garbage => Place == GarbagePlace.Head,
        _ => false,
    };

    /// <summary>It needs events to count or to join.</summary>
    public bool NeedsStream => AfterEvents is not null || Kind == FaultKind.ErrorEvent;

    /// <summary>Nothing says when; it joins a stream at its beginning.</summary>
    public bool StrikesOnFirstEvent =>
        this is { AfterBytes: null, AfterEvents: null } and ({ Kind: FaultKind.ErrorEvent } or { Kind: FaultKind.Garbage, Place: GarbagePlace.Body });

    /// <summary>It writes to the connection beneath HTTP/1.1.</summary>
    public bool NeedsTransport => Kind == FaultKind.Cut || (Kind == FaultKind.Garbage && Place != GarbagePlace.Body);

    /// <summary>The answer of a <see cref="FaultKind.Status"/> or the content of a <see cref="FaultKind.ErrorEvent"/>.</summary>
    public ApiError Error
    {
        get
        {
            var type = Type ?? TypeOf(Status);
            return new(Status, type, Message ?? (type == ErrorType.Overloaded ? "Overloaded" : $"A fault scripted for the emulator: {Text}"));
        }
    }

    private static ErrorType TypeOf(int status) => status switch
    {
        401 => ErrorType.Authentication,
        402 => ErrorType.Billing,
        403 => ErrorType.Permission,
        404 => ErrorType.NotFound,
        408 or 504 => ErrorType.Timeout,
        409 => ErrorType.Conflict,
        413 => ErrorType.RequestTooLarge,
        429 => ErrorType.RateLimit,
        529 => ErrorType.Overloaded,
        < 500 => ErrorType.InvalidRequest,
        _ => ErrorType.Api,
    };
}
