using System.Globalization;
using System.Text.Json;

namespace Tuppence.Upstreams.Credentials;

/// <summary>What a key command printed: a bare key, a JSON Web Token, or JSON that says how long its token is valid.</summary>
/// <param name="Key">The key.</param>
/// <param name="ExpiresAt">When it expires, by the date; null where it does not say.</param>
/// <param name="Lifetime">How long it is valid from now on; null where it does not say so.</param>
internal sealed record PrintedKey(Secret Key, DateTimeOffset? ExpiresAt, TimeSpan? Lifetime)
{
    private const double LongestSeconds = 10 * 365.0 * 24 * 3600;

    /// <summary>
    /// Reads <paramref name="text"/>, which is trimmed; null where it is neither a line without control characters nor a JSON object with
    /// <c>access_token</c> or <c>token</c>. The end is taken from <c>expires_in</c> (seconds), <c>expires_at</c> or <c>expiry</c> (RFC 3339, or seconds since
    /// 1970), else from the token itself where that is a JWT.
    /// </summary>
    public static PrintedKey? Parse(string text)
    {
        if (text.StartsWith('{'))
        {
            try
            {
                using var document = JsonDocument.Parse(text);
                return Of(document.RootElement);
            }
            catch (JsonException)
            {
                return null;
            }
        }

        return IsKey(text) ? new PrintedKey(new Secret(text), JwtTimes.Of(text).ExpiresAt, null) : null;
    }

    private static PrintedKey? Of(JsonElement answer)
    {
        var token = Text(answer, "access_token") ?? Text(answer, "token");
        return token is not null && IsKey(token)
            ? new PrintedKey(new Secret(token), Time(answer, "expires_at") ?? Time(answer, "expiry") ?? JwtTimes.Of(token).ExpiresAt, Seconds(answer, "expires_in") is { } seconds ? TimeSpan.FromSeconds(seconds) : null)
            : null;
    }

    private static bool IsKey(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyInRange('\0', '\u001f');

    private static string? Text(JsonElement answer, string name) => answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Seconds(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value)
        && (value.ValueKind == JsonValueKind.Number ? value.TryGetDouble(out var seconds) : double.TryParse(Text(answer, name), NumberStyles.Float, CultureInfo.InvariantCulture, out seconds))
        && seconds is >= 0 and <= LongestSeconds ? seconds : null;

    private static DateTimeOffset? Time(JsonElement answer, string name)
    {
        const double LastSecond = 253402300799; // of the year 9999
        return !answer.TryGetProperty(name, out var value) ? null
            : value.ValueKind == JsonValueKind.Number ? value.TryGetDouble(out var seconds) && seconds is >= 0 and <= LastSecond ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null
            : DateTimeOffset.TryParse(Text(answer, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }
}
