namespace Tuppence.Upstreams.OAuth;

/// <summary>Hosts whose sign-ins belong to Anthropic's own programs; no registration is offered to others.</summary>
/// <remarks>Source: https://code.claude.com/docs/en/legal-and-compliance , "Authentication and credential use" (2026-08-22).</remarks>
public static class AnthropicHosts
{
    /// <summary>What is said where one of them is named.</summary>
    public const string Problem = "Signing in there is for Anthropic's own programs; Tuppence offers no sign-in at claude.ai or Anthropic's consoles.";

    /// <summary>What can be done instead.</summary>
    public const string Remedy =
        "Use an API key (api_key_env), Workload Identity Federation with your company's issuer (federation.rule_id), or a gateway or cloud where you have a client of your own.";

    private static readonly string[] Domains = ["claude.ai", "claude.com", "anthropic.com"];

    /// <summary>True for the host of a URL that is one of them, or under one of them.</summary>
    public static bool Contains(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var name = host.TrimEnd('.');
        return Array.Exists(Domains, domain =>
            name.Equals(domain, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase));
    }
}
