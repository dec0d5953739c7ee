using System.Collections.Concurrent;
using Tuppence.Configuration;
using Tuppence.Hosting;
using Tuppence.Telemetry;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.SignIn;

/// <summary>The sign-ins under way on our pages: one an upstream, the newest wins.</summary>
/// <param name="keeper">Where tokens are kept.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Gives so many unguessable bytes.</param>
/// <param name="log">Where it is told how they end.</param>
internal sealed class SignInDesk(IGrantKeeper keeper, TimeProvider time, Func<int, byte[]> random, ILogger log) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, SignInFlight> flights = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim single = new(1, 1);
    private readonly CancellationTokenSource closing = new();

    /// <summary>The flight of that id, or null.</summary>
    public SignInFlight? Find(string id) => flights.Values.FirstOrDefault(flight => flight.Id == id);

    /// <summary>The status of all upstreams where people sign in.</summary>
    public Task<IReadOnlyList<SignInStatus>> StatusAsync(GatewayConfig config, CancellationToken cancellation) => SignInStatus.ReadAsync(config, keeper, time, cancellation);

    /// <summary>True where requests to this upstream need a sign-in that is not there.</summary>
    public async Task<bool> IsNeededAsync(string name, UpstreamConfig entry, CancellationToken cancellation) =>
        Registrations.DependsOnSignIn(entry) && !SignInStatus.Of(name, entry, (await keeper.FindAsync(name, cancellation)).Entry, time.GetUtcNow()).IsSignedIn;

    /// <summary>Begins one. Gives the flight, or what a person must agree to first, or what is wrong.</summary>
    /// <param name="name">The upstream.</param>
    /// <param name="entry">Its configuration.</param>
    /// <param name="device">A code for another device rather than the browser.</param>
    /// <param name="agreed">Fingerprint of the endpoints that a person agreed to, or null.</param>
    /// <param name="returnTo">Local path to offer in the end.</param>
    /// <param name="cancellation">The client left.</param>
    public async Task<(SignInFlight? Flight, SignInPlan? ToAgree, SignInProblem? Problem)> StartAsync(
        string name, UpstreamConfig entry, bool device, string? agreed, string returnTo, CancellationToken cancellation)
    {
        await single.WaitAsync(cancellation);
        try
        {
            var http = OAuthTransport.Create(GatewayBuilder.ProxyOf(entry), ProductVersion.UserAgent, time);
            var (flight, toAgree, problem) = await StartAsync(Registrations.Of(name, entry)!, http, device, agreed, returnTo, cancellation);
            if (flight is null)
            {
                http.Dispose();
                return (null, toAgree, problem);
            }

            flights[name] = flight;
            _ = WatchAsync(flight);
            return (flight, null, null);
        }
        finally
        {
            single.Release();
        }
    }

    /// <summary>Ends the sign-in of an upstream, one that is under way too.</summary>
    public async Task<SignOutResult> SignOutAsync(string name, UpstreamConfig? entry, CancellationToken cancellation)
    {
        if (flights.TryRemove(name, out var flight))
        {
            await flight.DisposeAsync();
        }

        using var http = OAuthTransport.Create(entry is null ? null : GatewayBuilder.ProxyOf(entry), ProductVersion.UserAgent, time);
        var result = await new SignOut(keeper, http).RunAsync(name, entry?.SignIn.ClientSecret, cancellation);
        if (result is { WasSignedIn: true, NotDeleted: null })
        {
            Log.SignedOut(log, name);
        }

        return result;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        foreach (var flight in flights.Values)
        {
            await flight.DisposeAsync();
        }

        closing.Dispose();
        single.Dispose();
    }

    private async Task<(SignInFlight? Flight, SignInPlan? ToAgree, SignInProblem? Problem)> StartAsync(
        ClientRegistration client, HttpMessageInvoker http, bool device, string? agreed, string returnTo, CancellationToken cancellation)
    {
        var (plan, problem) = await SignInPlan.MakeAsync(client, new OAuthContext(http, time, random), keeper, cancellation);
        if (plan is null || ((plan.Notices.Count > 0 || plan.Changes.Count > 0) && agreed != plan.Fingerprint))
        {
            return (null, plan, problem);
        }

        // Frees the port of the redirect URI, too.
        if (flights.TryRemove(client.Upstream, out var before))
        {
            await before.DisposeAsync();
        }

        var id = Convert.ToHexStringLower(random(16));
        if (device || !plan.OffersBrowser)
        {
            var (code, refused) = await plan.StartDeviceAsync(cancellation);
            return code is null ? (null, null, refused) : (new SignInFlight(id, client.Upstream, returnTo, http, code), null, null);
        }

        var (browser, taken) = plan.StartBrowser();
        return browser is null ? (null, null, taken) : (new SignInFlight(id, client.Upstream, returnTo, http, browser), null, null);
    }

    // The redirect URI answers on for a while, so that who comes back late or twice is told so.
    private async Task WatchAsync(SignInFlight flight)
    {
        var result = await flight.Completion;
        if (result.IsSuccess)
        {
            Log.SignedIn(log, flight.Upstream, result.Grant.Issuer);
        }
        else
        {
            Log.NotSignedIn(log, flight.Upstream, result.Problem.Kind, result.Problem.Message);
        }

        await Task.Delay(BrowserSignIn.Life, time, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        flights.TryRemove(new KeyValuePair<string, SignInFlight>(flight.Upstream, flight));
        await flight.DisposeAsync();
    }
}
