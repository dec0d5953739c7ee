using System.Net;
using System.Text.Json;

namespace Tuppence.Upstreams.OAuth;

/// <summary>Finds an issuer's endpoints: as configured, else by its metadata, whose <c>issuer</c> must be the configured one to the letter.</summary>
/// <remarks>RFC 8414 section 3 (well-known part before the path) and OpenID Connect Discovery 1.0 section 4 (behind it); RFC 8414 section 3.3 (identity).</remarks>
public static class Discovery
{
    /// <summary>The metadata, or why there is none.</summary>
    public static async Task<(IssuerMetadata? Metadata, SignInProblem? Problem)> FindAsync(ClientRegistration client, HttpMessageInvoker http, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(http);
        var issuer = new Uri(client.Issuer);
        if (EndpointRules.Problem(issuer, issuer) is { } refused)
        {
            return (null, new SignInProblem(SignInProblemKind.Discovery, $"The issuer {client.Issuer} cannot be used: {refused}."));
        }

        if (client.TokenEndpoint is not null)
        {
            return Configured(client, issuer);
        }

        var seen = new List<string>();
        foreach (var address in Addresses(issuer))
        {
            var (metadata, problem) = await AskAsync(address, client.Issuer, http, cancellation);
            if (metadata is not null)
            {
                return (metadata, null);
            }

            seen.Add($"{address} {problem}");
        }

        return (null, new SignInProblem(
            SignInProblemKind.Discovery,
            $"The issuer {client.Issuer} publishes no metadata that can be used: {string.Join("; ", seen)}. Check sign_in.issuer (it must be spelled as the issuer spells itself), or give its endpoints as sign_in.token_endpoint and the like."));
    }

    /// <summary>The places where an issuer's metadata may lie, the first that is right wins.</summary>
    internal static IEnumerable<Uri> Addresses(Uri issuer)
    {
        var origin = issuer.GetLeftPart(UriPartial.Authority);
        var path = issuer.AbsolutePath.TrimEnd('/');
        yield return new Uri($"{origin}/.well-known/oauth-authorization-server{path}");
        yield return new Uri($"{origin}/.well-known/openid-configuration{path}");
        if (path.Length > 0)
        {
            yield return new Uri($"{origin}{path}/.well-known/openid-configuration");
            yield return new Uri($"{origin}{path}/.well-known/oauth-authorization-server");
        }
    }

    private static (IssuerMetadata?, SignInProblem?) Configured(ClientRegistration client, Uri issuer)
    {
        foreach (var endpoint in (Uri?[])[client.AuthorizationEndpoint, client.TokenEndpoint, client.DeviceAuthorizationEndpoint, client.RevocationEndpoint])
        {
            if (endpoint is not null && EndpointRules.Problem(endpoint, issuer) is { } problem)
            {
                return (null, new SignInProblem(SignInProblemKind.Configuration, $"The configured endpoint {endpoint} cannot be used: {problem}."));
            }
        }

        return (new IssuerMetadata
        {
            Issuer = client.Issuer,
            AuthorizationEndpoint = client.AuthorizationEndpoint,
            TokenEndpoint = client.TokenEndpoint!,
            DeviceAuthorizationEndpoint = client.DeviceAuthorizationEndpoint,
            RevocationEndpoint = client.RevocationEndpoint,
        }, null);
    }

    private static async Task<(IssuerMetadata?, string?)> AskAsync(Uri address, string issuer, HttpMessageInvoker http, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var answer = await http.SendAsync(request, cancellation);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return (null, $"answers {(int)answer.StatusCode}");
            }

            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
            return MetadataReader.Read(json.RootElement, issuer);
        }
        catch (JsonException)
        {
            return (null, "answers with something that is not JSON");
        }
        catch (HttpRequestException e)
        {
            return (null, "gives no answer: " + ServerWords.Clean(e.Message));
        }
    }
}
