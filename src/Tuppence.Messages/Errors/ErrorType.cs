namespace Tuppence.Messages.Errors;

/// <summary>The Messages API's error types. Source: https://platform.claude.com/docs/en/api/errors (2026-08-22).</summary>
public enum ErrorType
{
    /// <summary>400, and other 4xx without a type of their own.</summary>
    InvalidRequest,

    /// <summary>401.</summary>
    Authentication,

    /// <summary>402.</summary>
    Billing,

    /// <summary>403.</summary>
    Permission,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>408 and 504.</summary>
    Timeout,

    /// <summary>409.</summary>
    Conflict,

    /// <summary>413.</summary>
    RequestTooLarge,

    /// <summary>429.</summary>
    RateLimit,

    /// <summary>500, 502, 503.</summary>
    Api,

    /// <summary>529.</summary>
    Overloaded,
}
