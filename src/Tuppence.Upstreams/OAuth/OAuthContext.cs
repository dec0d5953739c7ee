namespace Tuppence.Upstreams.OAuth;

/// <summary>What the protocol's steps work with.</summary>
/// <param name="Http">Sends requests; made by <see cref="OAuthTransport"/>.</param>
/// <param name="Time">The clock.</param>
/// <param name="Random">Gives so many unguessable bytes.</param>
public sealed record OAuthContext(HttpMessageInvoker Http, TimeProvider Time, Func<int, byte[]> Random);
