using Tuppence.Configuration;
using Tuppence.Hosting;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.SignIn;

/// <summary>The exchanges of JWTs from files. They outlive a reload, so that it costs no exchange.</summary>
internal sealed class Federations(TimeProvider time) : IDisposable
{
    private readonly AcrossReloads<Key, Entry> entries = new();

    /// <summary>Begins a configuration.</summary>
    public void Begin() => entries.Begin();

    /// <summary>The credential of an upstream with a federation rule and a token file; null for others.</summary>
    public ICredential? Of(string name, UpstreamConfig entry)
    {
        if (Registrations.RuleOf(entry) is not { } rule || entry.Federation.TokenFile is not { } file)
        {
            return null;
        }

        return entries.Name(new Key(Registrations.OriginOf(name, entry), rule, file, GatewayBuilder.ProxyOf(entry)), Make).Credential;
    }

    /// <summary>Ends a configuration: what it no longer names is closed.</summary>
    public void End()
    {
        foreach (var entry in entries.End())
        {
            entry.Close();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var entry in entries.Living)
        {
            entry.Close();
        }
    }

    private Entry Make(Key key)
    {
        var http = OAuthTransport.Create(key.Proxy, ProductVersion.UserAgent, time);
        return new Entry(http, new FederatedCredential(new FederationEndpoint(http, new Uri(key.BaseUrl), key.Rule), new AssertionFile(key.File), time));
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
