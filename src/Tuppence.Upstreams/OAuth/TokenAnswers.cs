using System.Net;
using System.Text.Json;
using Duende.IdentityModel.Client;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Upstreams.OAuth;

/// <summary>Makes tokens or a classified problem of what came from a token endpoint.</summary>
internal static class TokenAnswers
{
    /// <summary>Reads an answer. <paramref name="sent"/> are secrets of the request, which a server's words must not repeat.</summary>
    public static TokenResult Read(TokenResponse answer, CancellationToken cancellation, params ReadOnlySpan<Secret?> sent)
    {
        if (answer.Exception is { } failure)
        {
            cancellation.ThrowIfCancellationRequested();
            if (failure is not JsonException)
            {
                return TokenResult.Of(ProblemOf(failure));
            }
        }

        var status = answer.HttpStatusCode;
        var error = answer.Json is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("error", out var code) && code.ValueKind == JsonValueKind.String ? code.GetString() : null;
        if (error is not null)
        {
            var phrase = ServerWords.Phrase(error, answer.ErrorDescription, sent);
            return TokenResult.Of(new TokenProblem(KindOf(error, status), ServerWords.Clean(error, sent), $"The issuer answered {(int)status}: {phrase}.") { IsAnswered = true });
        }

        return status == HttpStatusCode.OK && answer.Json is { ValueKind: JsonValueKind.Object } json
            ? ReadTokens(json, answer)
            : status == HttpStatusCode.TooManyRequests ? TokenResult.Of(new TokenProblem(TokenProblemKind.NotSent, null, "The token endpoint answered 429: it turns requests away at present.") { IsAnswered = true })
            : Unknown(status == HttpStatusCode.OK ? "The token endpoint's answer is not a JSON object." : $"The token endpoint answered {(int)status} without saying why.");
    }

    /// <summary>What follows from an exception: whether the request surely stayed here.</summary>
    public static TokenProblem ProblemOf(Exception failure) => failure is HttpRequestException http
        ? new TokenProblem(
            http.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
                ? TokenProblemKind.NotSent
                : TokenProblemKind.Unknown,
            null,
            $"The issuer cannot be reached or gave no whole answer: {ServerWords.Clean(http.Message)}.")
        : new TokenProblem(TokenProblemKind.Unknown, null, $"The issuer's answer was lost: {ServerWords.Clean(failure.Message)}.");

    /// <summary>RFC 6749 section 5.2. A server that is failing or shedding load has not judged the grant, whatever its body says.</summary>
    private static TokenProblemKind KindOf(string error, HttpStatusCode status) => error switch
    {
        // Too many requests (RFC 6585 section 4): this one was turned away unread.
        _ when status == HttpStatusCode.TooManyRequests => TokenProblemKind.NotSent,
        _ when (int)status is >= 500 or 408 => TokenProblemKind.Unknown,
        "invalid_grant" => TokenProblemKind.GrantRejected,
        "server_error" or "temporarily_unavailable" => TokenProblemKind.Unknown,
        _ => TokenProblemKind.ClientRejected,
    };

    private static TokenResult ReadTokens(JsonElement json, TokenResponse answer)
    {
        string? Text(string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
        if (Text("access_token") is not { } access || !IsHeaderValue(access))
        {
            return Unknown("The token endpoint's answer holds no usable access_token.");
        }

        if (Text("token_type") is { } type && !type.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return TokenResult.Of(new TokenProblem(
                TokenProblemKind.ClientRejected, null, $"The issuer gave a token of type “{ServerWords.Clean(type)}”; only bearer tokens (RFC 6750) can be sent upstream. Register a client without sender-constrained tokens."));
        }

        return TokenResult.Of(new TokenAnswer(
            new Secret(access),
            Text("refresh_token") is { } refresh ? new Secret(refresh) : null,
            Text("id_token") is { } id ? new Secret(id) : null,
            Shortened(Lifetime(json), access, answer.HttpResponse?.Headers.Date),
            Text("scope"),
            answer.HttpResponse?.Headers.Date));
    }

    // A token that was made before it was fetched, as in the device flow, is told with the whole of its life. Where it is a JWT it says its end
    // itself, by the issuer's clock; that it does is luck (RFC 6749 section 1.4: tokens are opaque to clients), so it only ever shortens.
    private static TimeSpan? Shortened(TimeSpan? told, string access, DateTimeOffset? now) =>
        JwtTimes.Of(access).ExpiresAt - now is { } left && left > TimeSpan.Zero && !(left > told) ? left : told;

    // Some issuers write the number as text.
    private static TimeSpan? Lifetime(JsonElement json)
    {
        var seconds = !json.TryGetProperty("expires_in", out var value) ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number
            : value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), out var text) ? text
            : (double?)null;
        return seconds is >= 0 and < 1e9 ? TimeSpan.FromSeconds(seconds.Value) : null;
    }

    // Visible ASCII (RFC 6749 appendix A.12), so that it can stand in a header line.
    private static bool IsHeaderValue(string token) => !token.AsSpan().ContainsAnyExceptInRange('\u0020', '\u007e');

    private static TokenResult Unknown(string detail) => TokenResult.Of(new TokenProblem(TokenProblemKind.Unknown, null, detail) { IsAnswered = true });
}
