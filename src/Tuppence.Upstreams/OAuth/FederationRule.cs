namespace Tuppence.Upstreams.OAuth;

/// <summary>By which rule a JWT becomes an Anthropic token.</summary>
/// <param name="Id">The rule, <c>fdrl_…</c>.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="ServiceAccountId">The service account that is acted for, or null.</param>
/// <param name="WorkspaceId">The workspace, or null for the rule's own.</param>
public sealed record FederationRule(string Id, string OrganizationId, string? ServiceAccountId, string? WorkspaceId);
