namespace Tuppence.Configuration;

/// <summary>One thing that is wrong with the configuration, in full: where, what, what would be accepted, what to do.</summary>
/// <param name="Origin">File with line and column, environment variable, or flag.</param>
/// <param name="Key">Key path such as <c>retry.max_retries</c>; empty where the whole file is meant.</param>
/// <param name="Problem">What is wrong, as a sentence. Never holds a secret.</param>
/// <param name="Accepted">What would be accepted, or null where the problem says it all.</param>
/// <param name="Remedy">What to do, as a sentence.</param>
public sealed record ConfigError(ConfigOrigin Origin, string Key, string Problem, string? Accepted, string Remedy);
