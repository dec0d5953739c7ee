using Tuppence.Configuration.Loading;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.SignIn;

/// <summary>Where the sign-ins of a configuration are kept.</summary>
internal static class GrantKeepers
{
    /// <summary>The keeper, or null where nothing can be kept.</summary>
    public static IGrantKeeper? Of(LoadedConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return null;
    }
}
