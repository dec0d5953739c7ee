using Tuppence.Configuration;
using Tuppence.Hosting;
using Tuppence.Telemetry;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.OAuth;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.SignIn;

/// <summary>The credentials that come from people's sign-ins. They outlive a reload, so that it costs no refresh.</summary>
/// <param name="store">Where sign-ins are kept; null: there are none.</param>
/// <param name="time">The clock.</param>
/// <param name="jitter">Random numbers from 0 to 1.</param>
/// <param name="address">Gives the page where people sign in.</param>
/// <param name="log">Where it is told when a person is needed.</param>
internal sealed class SignedIns(ITokenStore? store, TimeProvider time, Func<double> jitter, Func<string> address, ILogger log) : IAsyncDisposable
{
    private readonly AcrossReloads<Key, Entry> entries = new();

    /// <summary>Begins a configuration.</summary>
    public void Begin() => entries.Begin();

    /// <summary>The credential of an upstream where people sign in, with the exchange behind it where that is configured; null for others.</summary>
    public ICredential? Of(string name, UpstreamConfig entry)
    {
        if (store is null || !Registrations.DependsOnSignIn(entry) || Registrations.Of(name, entry) is not { } client)
        {
            return null;
        }

        var key = new Key(name, client.Origin, entry.SignIn, Registrations.RuleOf(entry), GatewayBuilder.ProxyOf(entry));
        var found = entries.Name(key, made => Make(made, client, store));
        return found.Federated ?? (ICredential)found.SignedIn;
    }

    /// <summary>Ends a configuration: what it no longer names is let go of, once a refresh that is under way has ended.</summary>
    public void End()
    {
        foreach (var entry in entries.End())
        {
            _ = entry.CloseAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var entry in entries.Living)
        {
            await entry.CloseAsync();
        }
    }

    private Entry Make(Key key, ClientRegistration client, ITokenStore keptIn)
    {
        var http = OAuthTransport.Create(key.Proxy, ProductVersion.UserAgent, time);
        var target = new SignInTarget
        {
            Upstream = key.Name,
            Origin = key.Origin,
            UsesIdToken = key.Rule is not null || key.SignIn.Token == SignInToken.Id,
            SignInAddress = address,
        };
        var signedIn = new SignedInCredential(target, keptIn, new GrantRefresher(http, client), time, jitter) { Changed = Tell };
        // Arms the refresh; a store that cannot be read is told of by Changed, and again at each request.
        _ = signedIn.StateAsync(CancellationToken.None).AsTask();
        var federated = key.Rule is { } rule ? new FederatedCredential(new FederationEndpoint(http, new Uri(key.Origin), rule), signedIn, time) : null;
        return new Entry(http, signedIn, federated);
    }

    private void Tell(SignInState state)
    {
        if (state is { Problem: { } problem, IsRefreshing: false })
        {
            Log.SignInTrouble(log, state.Upstream, problem);
        }
    }

    private sealed record Key(string Name, string Origin, SignInConfig SignIn, FederationRule? Rule, Uri? Proxy);

    private sealed record Entry(HttpMessageInvoker Http, SignedInCredential SignedIn, FederatedCredential? Federated)
    {
        public async Task CloseAsync()
        {
            Federated?.Dispose();
            await SignedIn.DisposeAsync();
            Http.Dispose();
        }
    }
}
