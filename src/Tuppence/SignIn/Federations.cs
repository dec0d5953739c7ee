using Tuppence.Configuration;
using Tuppence.Hosting;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.SignIn;

/// <summary>The exchanges of JWTs from files. They outlive a reload, so that it costs no exchange.</summary>
internal sealed class Federations(TimeProvider time) : IDisposable
{
    private Dictionary<Key, Entry> entries = [];
    private Dictionary<Key, Entry> kept = [];

    /// <summary>Begins a configuration.</summary>
    public void Begin() => kept = [];

    /// <summary>The credential of an upstream with a federation rule and a token file; null for others.</summary>
    public ICredential? Of(string name, UpstreamConfig entry)
    {
        if (Registrations.RuleOf(entry) is not { } rule || entry.Federation.TokenFile is not { } file)
        {
            return null;
        }

        var key = new Key(Registrations.OriginOf(name, entry), rule, file, GatewayBuilder.ProxyOf(entry));
        if (!kept.TryGetValue(key, out var found) && !entries.TryGetValue(key, out found))
        {
            var http = OAuthTransport.Create(key.Proxy, ProductVersion.UserAgent, time);
            found = new Entry(http, new FederatedCredential(new FederationEndpoint(http, new Uri(key.BaseUrl), rule), new AssertionFile(file), time));
        }

        kept[key] = found;
        return found.Credential;
    }

    /// <summary>Ends a configuration: what it no longer names is closed.</summary>
    public void End()
    {
        foreach (var (_, entry) in entries.Where(pair => !kept.ContainsKey(pair.Key)))
        {
            entry.Close();
        }

        entries = kept;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var entry in entries.Values)
        {
            entry.Close();
        }
    }

    private sealed record Key(string BaseUrl, FederationRule Rule, string File, Uri? Proxy);

    private sealed record Entry(HttpMessageInvoker Http, FederatedCredential Credential)
    {
        public void Close()
        {
            Credential.Dispose();
            Http.Dispose();
        }
    }
}
