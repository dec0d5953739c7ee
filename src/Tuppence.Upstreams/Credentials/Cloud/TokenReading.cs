using System.Globalization;
using System.Text.Json;

namespace Tuppence.Upstreams.Credentials.Cloud;

/// <summary>Reads a token out of the JSON that token endpoints, metadata servers and command-line programs of clouds give.</summary>
public static class TokenReading
{
    /// <summary>Life of a token whose end is not told.</summary>
    public static readonly TimeSpan UntoldLife = TimeSpan.FromMinutes(5);

    /// <summary>The token and its end, or a problem that holds nothing of the text.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="now">Now, from which <c>expires_in</c> counts.</param>
    /// <param name="source">Who answered, for the problem.</param>
    public static Lease<Secret> Read(ReadOnlySpan<byte> json, DateTimeOffset now, string source)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            var token = Text(root, "access_token") ?? Text(root, "accessToken");
            return token is { Length: > 0 } && !token.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? new Lease<Secret>(new Secret(token), EndOf(root, now), null)
                : Lease<Secret>.Failed($"{source} gave no access token");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Lease<Secret>.Failed($"{source} gave no JSON");
        }
    }

    /// <summary>A member that is text, or a number as text; else null.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null }
            : null;

    private static DateTimeOffset EndOf(JsonElement root, DateTimeOffset now)
    {
        if (Number(Text(root, "expires_in")) is { } seconds)
        {
            return now.AddSeconds(Math.Min(seconds, 365 * 86400));
        }

        // Azure tells the moment in seconds since 1970, Google in ISO 8601.
        if (Number(Text(root, "expires_on")) is { } unix && unix < 253402300799)
        {
            return DateTimeOffset.FromUnixTimeSeconds((long)unix);
        }

        return DateTimeOffset.TryParse(Text(root, "expireTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : now + UntoldLife;
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : null;
}
