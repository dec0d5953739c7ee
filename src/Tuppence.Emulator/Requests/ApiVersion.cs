namespace Tuppence.Emulator.Requests;

/// <summary>The value of <c>anthropic-version</c>.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/api/versioning (2026-10-21).</remarks>
internal static class ApiVersion
{
    /// <summary>Sampling members as each model takes them.</summary>
    public const string V20230601 = "2023-06-01";

    /// <summary>No sampling members, no document in an assistant turn, no citations on user text.</summary>
    public const string V20261021 = "2026-10-21";

    /// <summary>Why the header cannot stand; <see langword="null"/> where it can.</summary>
    public static ApiError? Check(string? version) => version switch
    {
        null or "" => ApiError.Invalid("anthropic-version: header is required"),
        V20230601 or V20261021 => null,
        _ => ApiError.Invalid($"anthropic-version: \"{version}\" is not a valid version"),
    };
}
