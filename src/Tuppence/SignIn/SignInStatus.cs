using System.Text.Json;
using Tuppence.Configuration;
using Tuppence.Upstreams.OAuth;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.SignIn;

/// <summary>Whether someone is signed in for an upstream, without anything secret.</summary>
/// <param name="Upstream">Name of the upstream.</param>
/// <param name="Issuer">Where people sign in.</param>
/// <param name="IsSignedIn">True where there is a grant that is for this upstream as it is configured now.</param>
/// <param name="Account">Who signed in; empty where nobody did or the issuer does not say.</param>
/// <param name="ExpiresAt">End of the access token, where the issuer said it.</param>
/// <param name="Renews">True where a refresh token carries the sign-in on.</param>
/// <param name="Remark">What a person should know, or null.</param>
internal sealed record SignInStatus(string Upstream, string Issuer, bool IsSignedIn, string Account, DateTimeOffset? ExpiresAt, bool Renews, string? Remark)
{
    /// <summary>The status of all upstreams where people sign in, and of grants whose upstream is gone.</summary>
    public static async Task<IReadOnlyList<SignInStatus>> ReadAsync(GatewayConfig config, IGrantKeeper keeper, TimeProvider time, CancellationToken cancellation)
    {
        var grants = (await keeper.ListAsync(cancellation)).Entries
            .DistinctBy(static entry => entry.Grant.Upstream, StringComparer.Ordinal)
            .ToDictionary(static entry => entry.Grant.Upstream, StringComparer.Ordinal);
        var list = new List<SignInStatus>();
        foreach (var name in Registrations.Names(config))
        {
            list.Add(Of(name, config.Upstreams[name], grants.GetValueOrDefault(name), time.GetUtcNow()));
            grants.Remove(name);
        }

        foreach (var grant in grants.Values.Select(static entry => entry.Grant).OrderBy(static grant => grant.Upstream, StringComparer.Ordinal))
        {
            list.Add(new SignInStatus(grant.Upstream, grant.Issuer, false, grant.Account, null, false, $"no longer configured; tuppence logout {grant.Upstream} ends it"));
        }

        return list;
    }

    /// <summary>The status of one.</summary>
    public static SignInStatus Of(string name, UpstreamConfig entry, StoredEntry? stored, DateTimeOffset now)
    {
        var issuer = entry.SignIn.Issuer!;
        if (stored is not { Grant: var grant, Mark: var mark })
        {
            return new SignInStatus(name, issuer, false, "", null, false, Registrations.DependsOnSignIn(entry) ? "sign-in needed" : "not signed in; a key is used");
        }

        var (expires, renews) = (grant.IssuedAt + grant.Lifetime, grant.RefreshToken is not null);
        var problem = grant.Origin != Registrations.OriginOf(name, entry) ? $"signed in for another address ({grant.Origin}); sign in again"
            : grant.Issuer != issuer || grant.ClientId != entry.SignIn.ClientId ? "signed in at another issuer or client; sign in again"
            : mark?.Ended is { } ended && !(expires > now) ? $"the sign-in has ended: {ended.TrimEnd('.')}; sign in again"
            : expires <= now && !renews ? "expired, and the issuer gave no refresh token; sign in again"
            : null;
        return new SignInStatus(name, issuer, problem is null, grant.Account, expires, renews, problem);
    }

    /// <summary>In one phrase for people.</summary>
    public string Text => Remark ?? ((Account.Length == 0 ? "signed in" : $"signed in as {Account}") + (Renews ? "" : ExpiresAt is { } end ? $" until {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : ""));

    /// <summary>Writes an object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("upstream"u8, Upstream);
        json.WriteString("issuer"u8, Issuer);
        json.WriteBoolean("signed_in"u8, IsSignedIn);
        json.WriteString("account"u8, Account.Length == 0 ? null : Account);
        if (ExpiresAt is { } end)
        {
            json.WriteString("access_token_expires_at"u8, end.UtcDateTime);
        }

        json.WriteBoolean("renews"u8, Renews);
        json.WriteString("status"u8, Text);
        json.WriteEndObject();
    }

    /// <summary>All of them as JSON; beside them what is told of the user's own program (<paramref name="program"/>, an object as text) where that is on, and <paramref name="budgets"/> (an array as text) where there are some.</summary>
    public static byte[] ToJson(IReadOnlyList<SignInStatus> list, string? budgets = null, string? program = null)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("upstreams"u8);
            foreach (var status in list)
            {
                status.Write(json);
            }

            json.WriteEndArray();
            if (program is not null)
            {
                json.WritePropertyName("claude_code"u8);
                json.WriteRawValue(program);
            }

            if (budgets is not null)
            {
                json.WritePropertyName("budgets"u8);
                json.WriteRawValue(budgets);
            }

            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
