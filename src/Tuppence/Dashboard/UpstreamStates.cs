using System.Text.Json;
using Tuppence.Exchange;
using Tuppence.SignIn;

namespace Tuppence.Dashboard;

/// <summary>The upstreams as the dashboard shows them: those that requests can come to, and those that are configured.</summary>
internal sealed class UpstreamStates(DashboardState dashboard)
{
    /// <summary>Writes the member <c>upstreams</c>.</summary>
    public void Write(Utf8JsonWriter json, Gateway gateway, IReadOnlyList<SignInStatus> signIns)
    {
        json.WriteStartArray("upstreams"u8);
        var inUse = gateway.Choice.InUse.ToHashSet();
        foreach (var upstream in gateway.Upstreams.Where(one => inUse.Contains(one) || IsConfigured(one, gateway)).OrderByDescending(inUse.Contains).ThenBy(static one => one.Name, StringComparer.Ordinal))
        {
            Write(json, upstream, gateway, signIns.FirstOrDefault(status => status.Upstream == upstream.Name));
        }

        json.WriteEndArray();
    }

    // The two built-in ones are in the table whether or not anybody wants them.
    private static bool IsConfigured(Upstream upstream, Gateway gateway) =>
        upstream.Name is not ("anthropic" or "emulator") && gateway.Config.Upstreams.ContainsKey(upstream.Name);

    private void Write(Utf8JsonWriter json, Upstream upstream, Gateway gateway, SignInStatus? signIn)
    {
        var news = dashboard.Upstreams.Of(upstream.Name);
        json.WriteStartObject();
        json.WriteString("name"u8, upstream.Name);
        json.WriteString("kind"u8, upstream.IsEmulator ? "emulator" : KindOf(upstream, gateway));
        json.WriteString("origin"u8, upstream.IsEmulator ? "built in" : upstream.Origin.ToString());
        json.WriteString("state"u8, StateOf(upstream, news, signIn));
        json.WriteString("credential"u8, CredentialOf(upstream));
        if (signIn is null)
        {
            json.WriteNull("signIn"u8);
        }
        else
        {
            json.WriteStartObject("signIn"u8);
            json.WriteString("url"u8, "/auth/login?return=%2F"u8);
            json.WriteString("text"u8, signIn.Text);
            json.WriteBoolean("signedIn"u8, signIn.IsSignedIn);
            json.WriteEndObject();
        }

        WriteTime(json, "lastAnswer"u8, news.LastAnswerAt);
        json.WriteString("lastError"u8, news.LastError is null ? null : $"{news.LastErrorAt:yyyy-MM-dd HH:mm} UTC: {news.LastError}");
        json.WriteEndObject();
    }

    private static string KindOf(Upstream upstream, Gateway gateway) =>
        gateway.Config.Upstreams.TryGetValue(upstream.Name, out var entry) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Provider.ToString())
        : upstream.IsAnthropic ? "anthropic" : "messages";

    private static string StateOf(Upstream upstream, Live.UpstreamNews news, SignInStatus? signIn) =>
        signIn is { IsSignedIn: false } && upstream.HasSignIn ? "needs_sign_in"
        : upstream.Breaker.State != BreakerState.Closed ? "open"
        : news.LastErrorAt is { } failed && !(news.LastAnswerAt > failed) ? "failing"
        : news.LastAnswerAt is not null ? "connected" : "untried";

    private static string CredentialOf(Upstream upstream) =>
        upstream.IsEmulator ? "none needed"
        : upstream.HasSignIn ? "a person's sign-in"
        : upstream.Credential is null ? "the client's own"
        : "configured; a client's own key comes first";

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? at)
    {
        if (at is { } moment)
        {
            json.WriteString(name, moment.UtcDateTime);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
