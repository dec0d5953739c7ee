using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Tuppence.Upstreams.Credentials;

/// <summary>When a JSON Web Token was issued and when it expires, by its issuer's clock (RFC 7519 sections 4.1.4 and 4.1.6). Nothing is verified.</summary>
/// <param name="IssuedAt"><c>iat</c>, or null.</param>
/// <param name="ExpiresAt"><c>exp</c>, or null.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct JwtTimes(DateTimeOffset? IssuedAt, DateTimeOffset? ExpiresAt)
{
    private const double LastSecond = 253402300799; // of the year 9999

    /// <summary>How long the token is valid from its issue on, whatever our clock says; null where it does not say.</summary>
    public TimeSpan? Lifetime => ExpiresAt - IssuedAt;

    /// <summary>The times of a token; both null where the text is no JWT.</summary>
    public static JwtTimes Of(string token)
    {
        var first = token.IndexOf('.', StringComparison.Ordinal);
        var second = first < 0 ? -1 : token.IndexOf('.', first + 1);
        if (second < 0)
        {
            return default;
        }

        try
        {
            using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan(first + 1, second - first - 1)));
            return payload.RootElement.ValueKind == JsonValueKind.Object ? new JwtTimes(Time(payload.RootElement, "iat"), Time(payload.RootElement, "exp")) : default;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return default;
        }
    }

    private static DateTimeOffset? Time(JsonElement payload, string name) =>
        payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= LastSecond
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;
}
