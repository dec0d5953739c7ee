namespace Tuppence.Upstreams.Providers;

/// <summary>Why a request cannot go to a provider; nothing was sent.</summary>
/// <param name="Message">What is not served there and what to do, for people.</param>
/// <param name="IsCounting">Whether it is the counting of tokens, which clients do by themselves where it is answered 501.</param>
public sealed record ProviderRefusal(string Message, bool IsCounting = false);
