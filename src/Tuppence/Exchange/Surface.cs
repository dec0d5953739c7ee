namespace Tuppence.Exchange;

/// <summary>What a path means to Tuppence.</summary>
public enum Surface
{
    /// <summary>Relayed as it is.</summary>
    Relay,

    /// <summary><c>POST /v1/messages</c>, in all its forms.</summary>
    Messages,

    /// <summary><c>POST /v1/messages/count_tokens</c>: shaped like the request whose tokens it counts.</summary>
    CountTokens,

    /// <summary>The front page.</summary>
    FrontPage,

    /// <summary><c>/health</c>.</summary>
    Health,

    /// <summary>A page of the user guide.</summary>
    Docs,

    /// <summary>The pages under <c>/auth/</c>.</summary>
    SignIn,

    /// <summary><c>/tuppence/cache</c>: what prompts cost, and why.</summary>
    Cache,

    /// <summary><c>/tuppence/budgets</c>: what is spent of each budget.</summary>
    Budgets,

    /// <summary><c>/metrics</c>, where the configuration asks for it; else that path is relayed.</summary>
    Metrics,

    /// <summary>Icon and style of our own pages.</summary>
    Asset,

    /// <summary>Scripts and styles of the dashboard, under <c>/tuppence/app/</c>.</summary>
    DashboardApp,

    /// <summary>What the dashboard asks and tells, under <c>/tuppence/api/</c>.</summary>
    DashboardApi,
}
