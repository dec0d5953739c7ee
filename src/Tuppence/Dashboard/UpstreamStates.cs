using System.Text.Json;
using Tuppence.ClaudeCode;
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
        upstream.IsClaudeCode || (upstream.Name is not ("anthropic" or "emulator") && gateway.Config.Upstreams.ContainsKey(upstream.Name));

    private void Write(Utf8JsonWriter json, Upstream upstream, Gateway gateway, SignInStatus? signIn)
    {
        var news = dashboard.Upstreams.Of(upstream.Name);
        var program = upstream.IsClaudeCode ? gateway.ClaudeCode?.Report : null;
        json.WriteStartObject();
        json.WriteString("name"u8, upstream.Name);
        json.WriteString("kind"u8, upstream.IsEmulator ? "emulator" : upstream.IsClaudeCode ? "claude_code" : KindOf(upstream, gateway));
        json.WriteString("origin"u8, upstream.IsEmulator ? "built in" : upstream.IsClaudeCode ? "your own program, on this machine" : upstream.Origin.ToString());
        json.WriteString("state"u8, StateOf(upstream, news, signIn, program?.State.Stage));
        json.WriteString("credential"u8, CredentialOf(upstream));
        if (program is not null)
        {
            WriteSignIn(json, program.State.Stage == ProgramStage.NotSignedIn ? "nobody is signed in to the program" : "the program's own affair", program.State.Stage != ProgramStage.NotSignedIn);
        }
        else if (signIn is not null)
        {
            WriteSignIn(json, signIn.Text, signIn.IsSignedIn);
        }
        else
        {
            json.WriteNull("signIn"u8);
        }

        json.WriteString("remark"u8, program?.State.Text);
        json.WritePropertyName("limits"u8);
        ProgramReport.WriteLimits(json, program?.Limits);

        WriteTime(json, "lastAnswer"u8, news.LastAnswerAt);
        json.WriteString("lastError"u8, news.LastError is null ? null : $"{news.LastErrorAt:yyyy-MM-dd HH:mm} UTC: {news.LastError}");
        json.WriteEndObject();
    }

    private static void WriteSignIn(Utf8JsonWriter json, string text, bool isSignedIn)
    {
        json.WriteStartObject("signIn"u8);
        json.WriteString("url"u8, "/auth/login?return=%2F"u8);
        json.WriteString("text"u8, text);
        json.WriteBoolean("signedIn"u8, isSignedIn);
        json.WriteEndObject();
    }

    private static string KindOf(Upstream upstream, Gateway gateway) =>
        gateway.Config.Upstreams.TryGetValue(upstream.Name, out var entry) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Provider.ToString())
        : upstream.IsAnthropic ? "anthropic" : "messages";

    private static string StateOf(Upstream upstream, Live.UpstreamNews news, SignInStatus? signIn, ProgramStage? program) =>
        program is ProgramStage.Checking ? "checking"
        : program is ProgramStage.SwitchedOff ? "off"
        : program is ProgramStage.NotSignedIn ? "needs_sign_in"
        : signIn is { IsSignedIn: false } && upstream.HasSignIn ? "needs_sign_in"
        : upstream.Breaker.State != BreakerState.Closed ? "open"
        : news.LastErrorAt is { } failed && !(news.LastAnswerAt > failed) ? "failing"
        : news.LastAnswerAt is not null ? "connected" : "untried";

    private static string CredentialOf(Upstream upstream) =>
        upstream.IsEmulator ? "none needed"
        : upstream.IsClaudeCode ? "the program's own sign-in, which Tuppence does not see"
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
