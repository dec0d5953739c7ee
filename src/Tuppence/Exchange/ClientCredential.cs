using Microsoft.Extensions.Primitives;

namespace Tuppence.Exchange;

/// <summary>
/// What a request brings to authenticate itself, gateway keys set aside. It serves this request alone: it is never kept, logged
/// or sent anywhere but to the upstream of this request.
/// </summary>
/// <param name="HasApiKey">True where <c>x-api-key</c> holds something that is no gateway key.</param>
/// <param name="HasBearer">True where <c>Authorization</c> holds something that is no gateway key.</param>
/// <param name="IsAnthropic">True where one of them has the form of Anthropic's credentials, <c>sk-ant-…</c>.</param>
/// <param name="HasToken">True where <c>Authorization</c> holds a JSON Web Token (RFC 7519 section 3), which no front end makes up.</param>
/// <param name="DropApiKey">True where <c>x-api-key</c> is a gateway key and so ends here.</param>
/// <param name="DropAuthorization">True where <c>Authorization</c> is a gateway key and so ends here.</param>
internal readonly record struct ClientCredential(bool HasApiKey, bool HasBearer, bool IsAnthropic, bool HasToken, bool DropApiKey, bool DropAuthorization)
{
    private const string AnthropicPrefix = "sk-ant-";
    private const string BearerPrefix = "Bearer ";

    /// <summary>Reads the two headers.</summary>
    /// <param name="headers">The client's.</param>
    /// <param name="isGatewayKey">Tells gateway keys, in constant time.</param>
    public static ClientCredential Of(IHeaderDictionary headers, Func<string, bool> isGatewayKey)
    {
        var key = headers.TryGetValue("x-api-key", out var lines) ? First(lines) : null;
        var bearer = BearerOf(headers);
        // Any of several lines, and a key without its scheme: a gateway key goes nowhere else, however oddly it was sent.
        var keyIsOurs = IsAnyOurs(lines, isGatewayKey);
        var bearerIsOurs = IsAnyOurs(headers.Authorization, isGatewayKey);
        var ownKey = keyIsOurs ? null : key;
        var ownBearer = bearerIsOurs ? null : bearer;
        return new ClientCredential(
            !string.IsNullOrEmpty(ownKey),
            !string.IsNullOrEmpty(ownBearer),
            IsAnthropicForm(ownKey) || IsAnthropicForm(ownBearer),
            IsTokenForm(ownBearer),
            keyIsOurs,
            bearerIsOurs);
    }

    /// <summary>The bearer token of a request (RFC 6750 section 2.1), or null.</summary>
    public static string? BearerOf(IHeaderDictionary headers) => TokenOf(First(headers.Authorization));

    private static string? TokenOf(string? value) =>
        value?.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) == true ? value[BearerPrefix.Length..].Trim() : null;

    private static bool IsAnyOurs(StringValues lines, Func<string, bool> isGatewayKey)
    {
        foreach (var line in lines)
        {
            if (line is not null && (isGatewayKey(line) || (TokenOf(line) is { } token && isGatewayKey(token))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAnthropicForm(string? value) => value?.StartsWith(AnthropicPrefix, StringComparison.Ordinal) == true;

    private static bool IsTokenForm(string? value) => value?.StartsWith("eyJ", StringComparison.Ordinal) == true && value.AsSpan().Count('.') == 2;

    private static string? First(StringValues lines) => lines.Count == 0 ? null : lines[0];
}
