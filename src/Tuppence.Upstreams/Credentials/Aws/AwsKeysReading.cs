using System.Globalization;
using System.Text.Json;
using Tuppence.Upstreams.Credentials.Cloud;

namespace Tuppence.Upstreams.Credentials.Aws;

/// <summary>Reads keys out of what AWS's endpoints and credential programs give.</summary>
internal static class AwsKeysReading
{
    /// <summary>JSON of container and instance endpoints, and of a <c>credential_process</c>.</summary>
    public static Lease<AwsKeys> FromJson(ReadOnlySpan<byte> json, string source)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            return Of(
                TokenReading.Text(root, "AccessKeyId"),
                TokenReading.Text(root, "SecretAccessKey"),
                TokenReading.Text(root, "SessionToken") ?? TokenReading.Text(root, "Token"),
                TokenReading.Text(root, "Expiration"),
                source);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Lease<AwsKeys>.Failed($"{source} gave no JSON");
        }
    }

    /// <summary>XML of the Security Token Service. Its elements have no attributes and their text no markup, so that they can be cut out.</summary>
    public static Lease<AwsKeys> FromXml(string xml, string source) =>
        Of(Element(xml, "AccessKeyId"), Element(xml, "SecretAccessKey"), Element(xml, "SessionToken"), Element(xml, "Expiration"), source);

    /// <summary>Keys from texts that may be missing.</summary>
    public static Lease<AwsKeys> Of(string? id, string? secret, string? session, string? expires, string source)
    {
        if (!IsPlain(id) || !IsPlain(secret) || (session is { Length: > 0 } && !IsPlain(session)))
        {
            return Lease<AwsKeys>.Failed($"{source} gave no access key");
        }

        var keys = new AwsKeys(id!, new Secret(secret!), session is { Length: > 0 } ? new Secret(session) : null);
        return new Lease<AwsKeys>(
            keys,
            DateTimeOffset.TryParse(expires, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null,
            null);
    }

    // They go into header lines.
    private static bool IsPlain(string? text) => text is { Length: > 0 } && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static string? Element(string xml, string name)
    {
        var start = xml.IndexOf($"<{name}>", StringComparison.Ordinal);
        var end = start < 0 ? -1 : xml.IndexOf($"</{name}>", start, StringComparison.Ordinal);
        return end < 0 ? null : System.Net.WebUtility.HtmlDecode(xml[(start + name.Length + 2)..end]).Trim();
    }
}
