using Tuppence.Dashboard.Live;
using Tuppence.State.Ledger;

namespace Tuppence.Dashboard;

/// <summary>What the dashboard remembers; lives as long as the process.</summary>
internal sealed class DashboardState
{
    /// <summary>Requests under way.</summary>
    public LiveRequests Live { get; } = new();

    /// <summary>How the upstreams fare.</summary>
    public UpstreamWatch Upstreams { get; } = new();

    /// <summary>The record of requests; null where there is none.</summary>
    public ILedger? Ledger { get; set; }

    /// <summary>Whether the user allows titles and bodies to be kept.</summary>
    public bool KeepsContent { get; set; }

    /// <summary>Whether there is a ledger that outlives the process.</summary>
    public bool HasLedger => Ledger is not null;
}
