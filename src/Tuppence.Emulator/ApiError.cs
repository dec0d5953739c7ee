using Tuppence.Messages.Errors;

namespace Tuppence.Emulator;

/// <summary>A refusal: status, error type and message as the Messages API gives them.</summary>
/// <remarks>Statuses and types: https://platform.claude.com/docs/en/api/errors (2026-08-22).</remarks>
internal sealed record ApiError(int Status, ErrorType Type, string Message)
{
    /// <summary>400 <c>invalid_request_error</c>.</summary>
    public static ApiError Invalid(string message) => new(400, ErrorType.InvalidRequest, message);

    /// <summary>404 <c>not_found_error</c>.</summary>
    public static ApiError NotFound(string message) => new(404, ErrorType.NotFound, message);
}
