using Tuppence.Configuration.Catalogue;

namespace Tuppence.Configuration.Rules;

/// <summary>Where a sign-in may go. Issuers and endpoints follow the rules of upstreams; some hosts are refused for good.</summary>
internal static class IssuerRules
{
    /// <summary>Words for what <see cref="Endpoint"/> accepts.</summary>
    public const string Accepted = "an https URL, or an http URL on loopback, of an issuer where you or your company registered a client";

    // Sign-ins of these hosts belong to Anthropic's own programs; no registration is offered to others.
    // https://code.claude.com/docs/en/legal-and-compliance , "Authentication and credential use" (2026-08-22)
    private static readonly string[] Refused = ["claude.ai", "claude.com", "anthropic.com"];

    /// <summary>As an upstream's URL, and not at claude.ai or one of Anthropic's consoles.</summary>
    public static Refusal? Endpoint(string text) =>
        UrlRules.Upstream(text) ?? (IsRefused(new Uri(text).IdnHost)
            ? new Refusal(
                "Signing in there is for Anthropic's own programs; Tuppence offers no sign-in at claude.ai or Anthropic's consoles.",
                "Use an API key (api_key_env), Workload Identity Federation with your company's issuer (federation.rule_id), or a gateway or cloud where you have a client of your own.")
            : null);

    private static bool IsRefused(string host)
    {
        var name = host.TrimEnd('.');
        return Array.Exists(Refused, refused =>
            name.Equals(refused, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + refused, StringComparison.OrdinalIgnoreCase));
    }
}
