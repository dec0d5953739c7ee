using Duende.IdentityModel.Client;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Upstreams.OAuth;

/// <summary>Asks one token endpoint. One request a call, never repeated here.</summary>
/// <param name="http">Sends requests; made by <see cref="OAuthTransport"/>.</param>
/// <param name="address">The endpoint.</param>
/// <param name="clientId">The client, or null for one without registration.</param>
/// <param name="clientSecret">Its secret, or null.</param>
/// <param name="secretInBody">Whether the secret goes into the body; else by Basic authentication (RFC 6749 section 2.3.1).</param>
public sealed class TokenEndpoint(HttpMessageInvoker http, Uri address, string? clientId, Secret? clientSecret, bool secretInBody)
{
    /// <summary>Code for tokens (RFC 6749 section 4.1.3) with the PKCE verifier (RFC 7636 section 4.5).</summary>
    public async Task<TokenResult> ExchangeCodeAsync(Secret code, Uri redirect, Secret verifier, string? resource, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(redirect);
        ArgumentNullException.ThrowIfNull(verifier);
        using var request = With(new AuthorizationCodeTokenRequest
        {
            Code = code.Reveal(),
            RedirectUri = redirect.OriginalString,
            CodeVerifier = verifier.Reveal(),
        });
        Add(request.Resource, resource);
        return TokenAnswers.Read(await http.RequestAuthorizationCodeTokenAsync(request, cancellation), cancellation, clientSecret, code, verifier);
    }

    /// <summary>Device code for tokens (RFC 8628 section 3.4). A code that nobody has typed yet is a problem like any other; see <see cref="TokenProblem.Error"/>.</summary>
    public async Task<TokenResult> ExchangeDeviceCodeAsync(Secret deviceCode, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(deviceCode);
        using var request = With(new DeviceTokenRequest { DeviceCode = deviceCode.Reveal() });
        return TokenAnswers.Read(await http.RequestDeviceTokenAsync(request, cancellation), cancellation, clientSecret, deviceCode);
    }

    /// <summary>Refresh token for tokens (RFC 6749 section 6).</summary>
    public async Task<TokenResult> RefreshAsync(Secret refreshToken, string? resource, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(refreshToken);
        using var request = With(new RefreshTokenRequest { RefreshToken = refreshToken.Reveal() });
        Add(request.Resource, resource);
        return TokenAnswers.Read(await http.RequestRefreshTokenAsync(request, cancellation), cancellation, clientSecret, refreshToken);
    }

    private T With<T>(T request)
        where T : ProtocolRequest
    {
        request.Address = address.OriginalString;
        request.ClientId = clientId!;
        request.ClientSecret = clientSecret?.Reveal();
        request.ClientCredentialStyle = clientSecret is null || secretInBody ? ClientCredentialStyle.PostBody : ClientCredentialStyle.AuthorizationHeader;
        request.AuthorizationHeaderStyle = BasicAuthenticationHeaderStyle.Rfc6749;
        return request;
    }

    private static void Add(ICollection<string> resources, string? resource)
    {
        if (resource is not null)
        {
            resources.Add(resource);
        }
    }
}
