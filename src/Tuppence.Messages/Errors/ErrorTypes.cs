namespace Tuppence.Messages.Errors;

/// <summary>The wire names of <see cref="ErrorType"/>.</summary>
public static class ErrorTypes
{
    /// <summary>The value of <c>error.type</c>.</summary>
    public static string WireName(this ErrorType type) => type switch
    {
        ErrorType.InvalidRequest => "invalid_request_error",
        ErrorType.Authentication => "authentication_error",
        ErrorType.Billing => "billing_error",
        ErrorType.Permission => "permission_error",
        ErrorType.NotFound => "not_found_error",
        ErrorType.Timeout => "timeout_error",
        ErrorType.Conflict => "conflict_error",
        ErrorType.RequestTooLarge => "request_too_large",
        ErrorType.RateLimit => "rate_limit_error",
        ErrorType.Overloaded => "overloaded_error",
        _ => "api_error",
    };
}
