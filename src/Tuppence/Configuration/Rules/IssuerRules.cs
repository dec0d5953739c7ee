using Tuppence.Configuration.Catalogue;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Configuration.Rules;

/// <summary>Where a sign-in may go. Issuers and endpoints follow the rules of upstreams; some hosts are refused for good.</summary>
internal static class IssuerRules
{
    /// <summary>Words for what <see cref="Endpoint"/> accepts.</summary>
    public const string Accepted = "an https URL, or an http URL on loopback, of an issuer where you or your company registered a client";

    /// <summary>As an upstream's URL, and not at claude.ai or one of Anthropic's consoles.</summary>
    public static Refusal? Endpoint(string text) =>
        UrlRules.Upstream(text) ?? (AnthropicHosts.Contains(new Uri(text).IdnHost) ? new Refusal(AnthropicHosts.Problem, AnthropicHosts.Remedy) : null);

    /// <summary>A parameter of the authorization request that the protocol does not set itself.</summary>
    public static Refusal? Parameter(string name, string value) => AuthorizationUrl.Reserved.Contains(name, StringComparer.Ordinal)
        ? new Refusal($"The parameter {name} is set by the sign-in itself.", "Remove it; scopes and resource have options of their own.")
        : null;
}
