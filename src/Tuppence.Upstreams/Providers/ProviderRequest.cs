using System.Runtime.InteropServices;

namespace Tuppence.Upstreams.Providers;

/// <summary>A request of the Messages API, as a provider's adapter needs to see it.</summary>
/// <param name="Surface">What it is for.</param>
/// <param name="Target">Path and query, from <c>/v1</c> on.</param>
/// <param name="Version">Value of <c>anthropic-version</c>, or null.</param>
/// <param name="Betas">Values of <c>anthropic-beta</c> that go on, one each.</param>
/// <param name="UserProfile">Value of <c>anthropic-user-profile-id</c>, or null.</param>
/// <param name="Notes">What was done on the header lines, for the report.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ProviderRequest(
    ProviderSurface Surface, string Target, string? Version, IReadOnlyList<string> Betas, string? UserProfile, IReadOnlyList<string> Notes)
{
    /// <summary>The path without its query.</summary>
    public string Path => Target.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 ? Target[..at] : Target;
}
