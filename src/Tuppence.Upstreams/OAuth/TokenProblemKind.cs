namespace Tuppence.Upstreams.OAuth;

/// <summary>What follows from a token endpoint's problem.</summary>
public enum TokenProblemKind
{
    /// <summary>The grant is no longer valid (<c>invalid_grant</c>): a person must sign in again.</summary>
    GrantRejected,

    /// <summary>The client or the request is refused (<c>invalid_client</c>, <c>invalid_scope</c>, …): the configuration is wrong.</summary>
    ClientRejected,

    /// <summary>The request surely did not reach the server: trying again is safe.</summary>
    NotSent,

    /// <summary>The server failed or its answer was lost, broken or not JSON; it may or may not have acted.</summary>
    Unknown,
}
