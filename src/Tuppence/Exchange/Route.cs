namespace Tuppence.Exchange;

/// <summary>Where a request is headed, read off its target.</summary>
/// <param name="Surface">What the path means.</param>
/// <param name="Target">Target for the upstream, in origin form, before the base URL's own path.</param>
/// <param name="Preset">Name of the preset in the path, or null.</param>
/// <param name="IsDryRun">True where the edited request is wanted instead of an answer.</param>
public readonly record struct Route(Surface Surface, string Target, string? Preset = null, bool IsDryRun = false)
{
    /// <summary>True for the two surfaces whose bodies are edited and held for a retry.</summary>
    public bool IsMessages => Surface is Surface.Messages or Surface.CountTokens;

    /// <summary>True for what only our own pages may use, whatever origins may use the API.</summary>
    public bool IsOwnPagesOnly => Surface is Surface.SignIn or Surface.DashboardApi or Surface.DashboardApp;
}
