namespace Tuppence.Upstreams.ClaudeCode;

/// <summary>One window of an account's limits.</summary>
/// <param name="Name">Its name, such as <c>five_hour</c>.</param>
/// <param name="Status"><c>allowed</c>, <c>allowed_warning</c> or <c>rejected</c>; empty where it was not said.</param>
/// <param name="Utilization">How much of it is used, 0 to 1, or null.</param>
/// <param name="ResetsAt">When it begins anew, or null.</param>
public sealed record ClaudeCodeWindow(string Name, string Status, double? Utilization, DateTimeOffset? ResetsAt);
