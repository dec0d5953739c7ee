using System.Buffers;
using System.Net;
using System.Text.Json;
using Tuppence.ClaudeCode;
using Tuppence.Exchange;
using Tuppence.SignIn;

namespace Tuppence.Endpoints;

/// <summary>What the front page tells. Holds no secret; beyond loopback, where keys are asked for, it tells no more than that.</summary>
/// <param name="ClientUrl">Base URL to paste into a front end.</param>
/// <param name="Password">What to type where a front end wants a key.</param>
/// <param name="Notice">What a user must know before anything else, or null.</param>
/// <param name="Rows">State, as name and value.</param>
/// <param name="Presets">Names of the presets, each with its description.</param>
/// <param name="PresetsFolder">Where presets are read from; null where it is nobody's business.</param>
/// <param name="SignIn">Who is signed in where, and where someone must; null where no upstream has a sign-in.</param>
internal sealed record FrontPageState(
    string ClientUrl,
    string Password,
    string? Notice,
    IReadOnlyList<(string Name, string Value)> Rows,
    IReadOnlyList<(string Name, string? Description)> Presets,
    string? PresetsFolder,
    string? SignIn)
{
    private const string EmulatorNotice =
        "No upstream is configured, so the built-in emulator answers: replies are made up on this machine, and nothing is sent to Claude. Set ANTHROPIC_API_KEY, or let your front end send its own key, to reach Claude.";

    /// <summary>Reads it off the gateway.</summary>
    /// <param name="context">Request and response.</param>
    /// <param name="gateway">The configuration.</param>
    /// <param name="state">What outlives a reload.</param>
    /// <param name="signIns">Who is signed in where.</param>
    /// <param name="isPrivate">False where who asks has shown a key already.</param>
    public static FrontPageState Of(HttpContext context, Gateway gateway, GatewayState state, IReadOnlyList<SignInStatus> signIns, bool isPrivate = true)
    {
        var url = UrlOf(context);
        var needsKey = gateway.Keys.AreRequired;
        var password = needsKey ? "one of this gateway's keys" : "anything (SillyTavern wants it filled in)";
        if (isPrivate && needsKey && context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address))
        {
            return new FrontPageState(url, password, null, [("State", StateOf(state))], [], null, null);
        }

        var upstream = gateway.Choice.Default;
        List<(string, string)> rows =
        [
            ("State", StateOf(state)),
            ("Version", ProductVersion.Text),
            ("Upstream", upstream.IsEmulator ? "built-in emulator" : upstream.IsClaudeCode ? "claude-code (your own program)" : $"{upstream.Name} ({upstream.Origin})"),
            ("Credential", upstream.IsEmulator ? "none needed" : upstream.IsClaudeCode ? "the program's own sign-in, which Tuppence does not see" : upstream.Credential is null ? "the client's own" : "configured; a client's own key comes first"),
            ("Sampling filter", gateway.Config.FilterSamplingParams.ToString().ToLowerInvariant()),
            ("Requests", $"{state.Counters.Requests} since {state.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {state.Counters.Open} open, {state.Counters.Retries} retries"),
        ];
        if (gateway.ClaudeCode is { } program)
        {
            rows.Add(("Claude Code", program.Report.Text));
        }

        if (gateway.Choice.InUse.ToList() is { Count: > 1 } several)
        {
            rows.Add(("Upstreams", string.Join(", ", several.Select(static one => $"{one.Name} {Health.Word(one.Breaker.State).Replace('_', ' ')}"))));
            rows.Add(("Fallbacks", $"{state.Counters.Fallbacks}"));
        }

        return new FrontPageState(
            url,
            password,
            NoticeOf(upstream.IsEmulator, gateway.ClaudeCode is not null),
            rows,
            [.. gateway.Presets.All.OrderBy(static preset => preset.Name, StringComparer.Ordinal).Select(static preset => (preset.Name, preset.Description))],
            gateway.Config.PresetsDirectory,
            signIns.Count == 0 ? null : string.Join(" ", signIns.Select(static status => $"{status.Upstream}: {status.Text}.")));
    }

    /// <summary>Base URL to paste into a front end that asks under this request's <c>Host</c>.</summary>
    public static string UrlOf(HttpContext context) => $"http://{context.Request.Headers.Host}/v1";

    /// <summary>Base URL for clients that add <c>/v1</c> themselves.</summary>
    public string SdkUrl => ClientUrl[..^"/v1".Length];

    /// <summary>Base URL of a preset.</summary>
    public string PresetUrl(string name) => $"{ClientUrl}/{Uri.EscapeDataString(name)}";

    /// <summary>The same as JSON.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, "tuppence"u8);
            json.WriteString("url"u8, ClientUrl);
            if (Notice is not null)
            {
                json.WriteString("notice"u8, Notice);
            }

            if (SignIn is not null)
            {
                json.WriteString("sign_in"u8, SignIn);
            }

            foreach (var (name, value) in Rows)
            {
                json.WriteString(name.ToLowerInvariant().Replace(' ', '_'), value);
            }

            json.WriteStartArray("presets"u8);
            foreach (var (name, _) in Presets)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string? NoticeOf(bool emulates, bool hasProgram) => (emulates, hasProgram) switch
    {
        (true, true) => EmulatorNotice + " " + ProgramWords.Notice,
        (true, false) => EmulatorNotice,
        (false, true) => ProgramWords.Notice,
        _ => null,
    };

    private static string StateOf(GatewayState state) => state.IsStopping ? "stopping" : "running";
}
