using System.Text.Json;
using Duende.IdentityModel.Client;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Upstreams.OAuth;

/// <summary>What a device authorization endpoint gave (RFC 8628 section 3.2).</summary>
/// <param name="DeviceCode">The code that is polled with.</param>
/// <param name="UserCode">What the person types.</param>
/// <param name="VerificationUri">Where they type it.</param>
/// <param name="CompleteUri">The same with the code in it, or null.</param>
/// <param name="Life">How long both codes are good.</param>
/// <param name="Interval">Least time between two polls; 5 s where the issuer does not say.</param>
public sealed record DeviceAuthorization(Secret DeviceCode, string UserCode, Uri VerificationUri, Uri? CompleteUri, TimeSpan Life, TimeSpan Interval)
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(5);

    /// <summary>Asks for codes.</summary>
    internal static async Task<(DeviceAuthorization? Codes, SignInProblem? Problem)> RequestAsync(
        ClientRegistration client, IssuerMetadata issuer, string? scope, HttpMessageInvoker http, CancellationToken cancellation)
    {
        using var request = new DeviceAuthorizationRequest
        {
            Address = issuer.DeviceAuthorizationEndpoint!.OriginalString,
            ClientId = client.ClientId!,
            ClientSecret = client.ClientSecret?.Reveal(),
            ClientCredentialStyle = client.ClientSecret is null || issuer.WantsSecretInBody ? ClientCredentialStyle.PostBody : ClientCredentialStyle.AuthorizationHeader,
            AuthorizationHeaderStyle = BasicAuthenticationHeaderStyle.Rfc6749,
            Scope = scope,
        };
        if (client.Resource is not null)
        {
            request.Parameters.Add("resource", client.Resource);
        }

        foreach (var (name, value) in client.Parameters)
        {
            request.Parameters.Add(name, value);
        }

        var answer = await http.RequestDeviceAuthorizationAsync(request, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return answer.Exception is { } failure and not JsonException
            ? (null, new SignInProblem(SignInProblemKind.IssuerError, TokenAnswers.ProblemOf(failure).Detail))
            : Read(answer, client);
    }

    private static (DeviceAuthorization?, SignInProblem?) Read(DeviceAuthorizationResponse answer, ClientRegistration client)
    {
        if (answer.IsError || answer.DeviceCode is not { Length: > 0 } device || answer.UserCode is not { Length: > 0 } user)
        {
            var phrase = ServerWords.Phrase(answer.Error, answer.ErrorDescription, client.ClientSecret);
            return Problem(phrase.Length == 0 ? "The issuer gave no device code." : $"The issuer gave no device code and answered: {phrase}. Check that the client may use the device flow.");
        }

        var home = new Uri(client.Issuer);
        if (!EndpointRules.TryRead(answer.VerificationUri, home, out var page, out var wrong))
        {
            return Problem($"The issuer names a page for the code that cannot be used: {wrong}.");
        }

        EndpointRules.TryRead(answer.VerificationUriComplete, home, out var complete, out _);
        var life = answer.ExpiresIn is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromMinutes(10);
        var interval = answer.Interval > 0 && answer.Json is { } json && json.TryGetProperty("interval", out _) ? TimeSpan.FromSeconds(answer.Interval) : DefaultInterval;
        return (new DeviceAuthorization(new Secret(device), ServerWords.Clean(user), page, complete, life, interval), null);
    }

    private static (DeviceAuthorization?, SignInProblem?) Problem(string message) => (null, new SignInProblem(SignInProblemKind.IssuerError, message));
}
