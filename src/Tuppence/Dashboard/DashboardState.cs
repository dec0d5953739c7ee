using Tuppence.Configuration.Loading;
using Tuppence.Dashboard.Conversations;
using Tuppence.Dashboard.Live;
using Tuppence.Dashboard.Requests;

namespace Tuppence.Dashboard;

/// <summary>What the dashboard remembers; lives as long as the process.</summary>
internal sealed class DashboardState
{
    /// <summary>Requests under way.</summary>
    public LiveRequests Live { get; } = new();

    /// <summary>How the upstreams fare.</summary>
    public UpstreamWatch Upstreams { get; } = new();

    /// <summary>Heads and edits of the latest requests.</summary>
    public RequestDetails Details { get; } = new();

    /// <summary>Levels of single conversations.</summary>
    public ConversationLevels Levels { get; } = new();

    /// <summary>Numbers of conversations in the prompt cache's accounts.</summary>
    public ConversationNumbers Numbers { get; } = new();

    /// <summary>Where the configuration comes from; null where it comes from no file.</summary>
    public ConfigurationSource? Source { get; set; }

    /// <summary>Folder that relative paths of the configuration start from.</summary>
    public string BaseDirectory { get; set; } = "";

    /// <summary>Has the presets read anew; null: nothing does.</summary>
    public Action? ReloadPresets { get; set; }
}
