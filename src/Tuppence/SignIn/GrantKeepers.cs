using Tuppence.Configuration.Loading;
using Tuppence.Upstreams.OAuth;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.SignIn;

/// <summary>Where the sign-ins of a configuration are kept.</summary>
internal static class GrantKeepers
{
    /// <summary>A keeper over the token file in the state directory. Nothing is made or read before it is used.</summary>
    public static IGrantKeeper Of(LoadedConfiguration configuration) =>
        new StoreKeeper(new TokenFile(configuration.Config.StateDirectory, TimeProvider.System, configuration.Config.UseKeyStore));
}
