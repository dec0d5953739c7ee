using Tuppence.Thrift.Prompts;

namespace Tuppence.Emulator.Caching;

/// <summary>What a prompt cache has to know of one request.</summary>
/// <param name="Account">Stands for the credential the request carried (a digest of it, never the secret); cache entries are kept apart by it.</param>
/// <param name="Model">The model's full id.</param>
/// <param name="Prompt">The request's blocks and breakpoints, which break no rule. Valid for the duration of the call.</param>
/// <param name="MinTokens">Smallest prefix in tokens that the model caches.</param>
/// <param name="StartedAt">When the request arrived; the clock of cache lifetimes starts here.</param>
public sealed record CacheRequest(string Account, string Model, Prompt Prompt, int MinTokens, DateTimeOffset StartedAt);
