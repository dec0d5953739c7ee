using Tuppence.Messages.Errors;

namespace Tuppence.Exchange;

/// <summary>A failure that Tuppence itself reports, as a value. Exceptions are for bugs.</summary>
/// <param name="Kind">What failed; decides status and type.</param>
/// <param name="Message">What is wrong and what to do, for the person at the front end. Never holds a secret.</param>
public sealed record GatewayError(ErrorKind Kind, string Message)
{
    /// <summary>Seconds after which the request may be sent again (<c>retry-after</c>), or null: not told.</summary>
    public long? RetryAfter { get; init; }

    /// <summary>False where sending the same again at once is of no use, which SDKs are told.</summary>
    public bool MayRetry { get; init; } = true;

    /// <summary>HTTP status of the answer.</summary>
    public int Status => Table(Kind).Status;

    /// <summary>The Messages API's error type.</summary>
    public ErrorType Type => Table(Kind).Type;

    /// <summary>Who is at fault.</summary>
    public ErrorSource Source => Kind switch
    {
        < ErrorKind.UpstreamUnreachable => ErrorSource.Downstream,
        < ErrorKind.CredentialMissing => ErrorSource.Upstream,
        _ => ErrorSource.Internal,
    };

    /// <summary>The one table from kind to status and type.</summary>
    private static (int Status, ErrorType Type) Table(ErrorKind kind) => kind switch
    {
        ErrorKind.BadTarget or ErrorKind.UploadCut or ErrorKind.AmbiguousFraming or ErrorKind.UpgradeRefused or ErrorKind.MalformedBody
            or ErrorKind.EditRefused or ErrorKind.UnknownUpstream or ErrorKind.UnknownCacheLevel or ErrorKind.BadCall => (400, ErrorType.InvalidRequest),
        ErrorKind.KeyMissing or ErrorKind.KeyWrong or ErrorKind.CredentialMissing => (401, ErrorType.Authentication),
        ErrorKind.ForeignOrigin => (403, ErrorType.Permission),
        ErrorKind.UnknownPreset or ErrorKind.NotFound or ErrorKind.NotServedThere => (404, ErrorType.NotFound),
        ErrorKind.MethodNotAllowed => (405, ErrorType.InvalidRequest),
        ErrorKind.ClientTooSlow => (408, ErrorType.Timeout),
        ErrorKind.BodyTooLarge => (413, ErrorType.RequestTooLarge),
        ErrorKind.WrongContentType or ErrorKind.EncodedBody => (415, ErrorType.InvalidRequest),
        ErrorKind.TooManyTries => (429, ErrorType.RateLimit),
        ErrorKind.ForeignHost => (421, ErrorType.InvalidRequest),
        ErrorKind.BudgetUsedUp => (429, ErrorType.RateLimit),
        ErrorKind.CountingNotServed => (501, ErrorType.Api),
        ErrorKind.UpstreamTimeout => (504, ErrorType.Timeout),
        ErrorKind.Overloaded => (529, ErrorType.Overloaded),
        ErrorKind.Stopping => (503, ErrorType.Api),
        ErrorKind.Bug or ErrorKind.LedgerUnread => (500, ErrorType.Api),
        _ => (502, ErrorType.Api),
    };
}
