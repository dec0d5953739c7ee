namespace Tuppence.Emulator.Caching;

/// <summary>What a prompt cache has to know of one request.</summary>
/// <param name="Account">Stands for the credential the request carried (a digest of it, never the secret); cache entries are kept apart by it.</param>
/// <param name="Model">The model's full id.</param>
/// <param name="Body">The request as it came: valid JSON, UTF-8. Valid for the duration of the call.</param>
/// <param name="InputTokens">All input tokens of the request, by the emulator's estimate.</param>
/// <param name="StartedAt">When the request arrived; the clock of cache lifetimes starts here.</param>
public sealed record CacheRequest(string Account, string Model, ReadOnlyMemory<byte> Body, int InputTokens, DateTimeOffset StartedAt);
