namespace Tuppence.Exchange;

/// <summary>Chooses the upstream of a request and whose credential it carries.</summary>
/// <param name="named">The upstream that the user named, or null.</param>
/// <param name="anthropic">Anthropic's API.</param>
/// <param name="emulator">The built-in emulator.</param>
internal sealed class UpstreamChoice(Upstream? named, Upstream anthropic, Upstream emulator)
{
    /// <summary>The upstream for requests that bring no credential of their own.</summary>
    public Upstream Default => named ?? (anthropic.Credential is null ? emulator : anthropic);

    /// <summary>
    /// A named upstream takes everything. Else a request with an Anthropic credential goes to Anthropic's API; the rest goes there
    /// with the configured key, or, where none is configured, to the emulator.
    /// </summary>
    public Upstream For(in ClientCredential client) => named ?? (client.IsAnthropic ? anthropic : Default);

    /// <summary>
    /// True where the request's own credential is used. For the API of Anthropic only what can be valid there counts, so that the
    /// made-up values which front ends insist on leave the configured key in charge. A cloud's credentials are signatures and tokens that
    /// no front end has, so a configured one is always used there.
    /// </summary>
    public static bool UsesClientCredential(Upstream upstream, in ClientCredential client) =>
        !upstream.IsEmulator && (upstream.Credential is null
            || (upstream.Adapter is null && (client.IsAnthropic || (client.HasBearer && !upstream.IsAnthropic))));
}
