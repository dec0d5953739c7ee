namespace Tuppence.Caching;

/// <summary>A request that is to be recorded once its answer is known.</summary>
/// <param name="Body">Its body as the client sent it, after declared edits and before the plan; a copy.</param>
/// <param name="Scope">Who shares its cache; recorded as a salted hash.</param>
/// <param name="At">When it started.</param>
internal sealed record RecordedBody(byte[] Body, string Scope, DateTimeOffset At);
