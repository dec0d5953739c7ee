namespace Tuppence.Upstreams.ClaudeCode;

/// <summary>What the program last said of the limits of the account that it is signed in with. Only sign-ins with such limits have one.</summary>
/// <param name="At">When it said so.</param>
/// <param name="Status"><c>allowed</c>, <c>allowed_warning</c> or <c>rejected</c>; empty where it did not say.</param>
/// <param name="Kind">The limit that is nearest, such as <c>five_hour</c> or <c>seven_day</c>; empty where it did not say.</param>
/// <param name="ResetsAt">When that limit begins anew, or null.</param>
/// <param name="Utilization">How much of it is used, 0 to 1, or null.</param>
/// <param name="IsUsingOverage">Whether requests are billed beyond the limit.</param>
/// <param name="Windows">Each window that was told of.</param>
/// <remarks>Source: the program's line <c>rate_limit_event</c> (2.1.330).</remarks>
public sealed record ClaudeCodeLimits(
    DateTimeOffset At, string Status, string Kind, DateTimeOffset? ResetsAt, double? Utilization, bool IsUsingOverage, IReadOnlyList<ClaudeCodeWindow> Windows);
