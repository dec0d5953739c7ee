namespace Tuppence.Messages.Models;

/// <summary>One lifetime of a cache entry.</summary>
/// <param name="Seconds">How long it lives after each use.</param>
/// <param name="WritePercent">Price of writing in percent of the input price: 125 for five minutes.</param>
public sealed record CacheTtl(int Seconds, int WritePercent);
