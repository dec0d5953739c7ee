namespace Tuppence.Configuration;

/// <summary>
/// Workload Identity Federation: a JWT of an issuer that the organization trusts is exchanged for a short-lived token.
/// Source: https://platform.claude.com/docs/en/manage-claude/wif-reference (2026-08-22).
/// </summary>
public sealed record FederationConfig
{
    /// <summary>The federation rule, <c>fdrl_…</c>. Null: no federation.</summary>
    public string? RuleId { get; init; }

    /// <summary>The organization.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The service account that is acted for.</summary>
    public string? ServiceAccountId { get; init; }

    /// <summary>The workspace, or null for the rule's own.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>File that holds the JWT, read anew for each exchange. Null: the ID token of the sign-in is used.</summary>
    public string? TokenFile { get; init; }
}
