using System.Text.Json;

namespace Tuppence.Upstreams.OAuth;

/// <summary>Reads a metadata document and trusts nothing in it that the rules do not allow.</summary>
internal static class MetadataReader
{
    /// <summary>The metadata, or what is wrong with it as the end of a sentence.</summary>
    public static (IssuerMetadata? Metadata, string? Problem) Read(JsonElement document, string issuer)
    {
        if (document.ValueKind != JsonValueKind.Object)
        {
            return (null, "answers with JSON that is no object");
        }

        if (Text(document, "issuer") is not { } named || !string.Equals(named, issuer, StringComparison.Ordinal))
        {
            return (null, $"speaks for another issuer, “{ServerWords.Clean(Text(document, "issuer"))}”");
        }

        string? problem = null;
        var home = new Uri(issuer);
        Uri? Endpoint(string name)
        {
            if (Text(document, name) is not { } text)
            {
                return null;
            }

            if (EndpointRules.TryRead(text, home, out var endpoint, out var wrong))
            {
                return endpoint;
            }

            problem ??= $"names a {name} that cannot be used: {wrong}";
            return null;
        }

        var (authorization, token) = (Endpoint("authorization_endpoint"), Endpoint("token_endpoint"));
        var (device, revocation) = (Endpoint("device_authorization_endpoint"), Endpoint("revocation_endpoint"));
        problem ??= token is null ? "names no token_endpoint" : null;
        var methods = Texts(document, "token_endpoint_auth_methods_supported");
        return problem is not null ? (null, problem) : (new IssuerMetadata
        {
            Issuer = issuer,
            AuthorizationEndpoint = authorization,
            TokenEndpoint = token!,
            DeviceAuthorizationEndpoint = device,
            RevocationEndpoint = revocation,
            AnnouncesIssuer = document.TryGetProperty("authorization_response_iss_parameter_supported", out var announces) && announces.ValueKind == JsonValueKind.True,
            Scopes = Texts(document, "scopes_supported"),
            WantsSecretInBody = methods.Contains("client_secret_post", StringComparer.Ordinal) && !methods.Contains("client_secret_basic", StringComparer.Ordinal),
        }, null);
    }

    private static string? Text(JsonElement document, string name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static List<string> Texts(JsonElement document, string name) =>
        document.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => item.GetString()!)]
            : [];
}
