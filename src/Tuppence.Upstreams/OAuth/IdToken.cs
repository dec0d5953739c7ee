using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Upstreams.OAuth;

/// <summary>The claims of an ID token that came straight from the token endpoint.</summary>
/// <remarks>
/// Its signature is not checked: OpenID Connect Core 1.0 section 3.1.3.7 item 6 lets TLS to the token endpoint stand for it where the token
/// comes directly from there. Nothing is granted to anyone on the strength of these claims; they guard against a mixed-up answer.
/// </remarks>
/// <param name="Account">Who signed in: <c>email</c>, else <c>preferred_username</c>, else <c>sub</c>.</param>
/// <param name="Expires">The <c>exp</c> of the token.</param>
public sealed record IdToken(string Account, DateTimeOffset Expires)
{
    private static readonly TimeSpan Leeway = TimeSpan.FromMinutes(5);

    /// <summary>Checks issuer, audience, nonce and expiry; gives the claims, or what is wrong in words for people.</summary>
    /// <param name="token">The compact JWS.</param>
    /// <param name="issuer">The issuer that must have made it.</param>
    /// <param name="clientId">The client that it must be for.</param>
    /// <param name="nonce">What it must repeat; null where none was sent (device flow).</param>
    /// <param name="now">The time, best the server's own, so that a clock that is off here does no harm.</param>
    public static (IdToken? Token, string? Problem) Check(Secret token, string issuer, string clientId, string? nonce, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(token);
        try
        {
            var parts = token.Reveal().Split('.');
            if (parts.Length != 3)
            {
                return (null, "it is not a signed JWT");
            }

            using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            return Check(payload.RootElement, issuer, clientId, nonce, now);
        }
        catch (Exception e) when (e is FormatException or JsonException or DecoderFallbackException)
        {
            return (null, "it cannot be read");
        }
    }

    private static (IdToken?, string?) Check(JsonElement claims, string issuer, string clientId, string? nonce, DateTimeOffset now)
    {
        string? Text(string name) => claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (claims.ValueKind != JsonValueKind.Object)
        {
            return (null, "it cannot be read");
        }

        if (!string.Equals(Text("iss"), issuer, StringComparison.Ordinal))
        {
            return (null, $"it is from “{ServerWords.Clean(Text("iss"))}”, not from {issuer}");
        }

        List<string?> audience = !claims.TryGetProperty("aud", out var aud) ? []
            : aud.ValueKind == JsonValueKind.Array ? [.. aud.EnumerateArray().Select(static one => one.ValueKind == JsonValueKind.String ? one.GetString() : null)]
            : [Text("aud")];
        if (!audience.Contains(clientId, StringComparer.Ordinal) || (Text("azp") is { } party && party != clientId))
        {
            return (null, "it is for another client");
        }

        if (nonce is not null && !string.Equals(Text("nonce"), nonce, StringComparison.Ordinal))
        {
            return (null, "it does not belong to this sign-in (nonce)");
        }

        if (!claims.TryGetProperty("exp", out var exp) || exp.ValueKind != JsonValueKind.Number || !exp.TryGetDouble(out var seconds) || seconds is < 0 or > 253402300799)
        {
            return (null, "it does not say when it expires");
        }

        var expires = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return expires + Leeway < now
            ? (null, "it has expired; is the clock of this machine, or the issuer's, right?")
            : (new IdToken(ServerWords.Clean(Text("email") ?? Text("preferred_username") ?? Text("sub")), expires), null);
    }
}
