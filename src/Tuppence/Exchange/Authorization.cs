using Microsoft.Extensions.Primitives;
using Tuppence.Configuration;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Exchange;

/// <summary>Settles which credential a request carries upstream, and to exactly one origin.</summary>
internal static class Authorization
{
    // Azure's, Google's, Amazon's, and what API gateways in front of them are used to.
    private static readonly string[] OtherCredentials =
        ["api-key", "ocp-apim-subscription-key", "x-goog-api-key", "x-amz-security-token", "x-functions-key", "x-auth-token", "x-access-token"];

    /// <summary>
    /// Keeps the request's own credential or puts the upstream's in its place; gateway keys end here. Gives the upstream's
    /// own where that is used, or why it cannot be had.
    /// </summary>
    /// <param name="upstream">Where the request goes.</param>
    /// <param name="client">What the request brings.</param>
    /// <param name="isAtHome">Whether the upstream is the one that the request's own credential is for.</param>
    /// <param name="sent">The client's header lines.</param>
    /// <param name="headers">Where changes of header lines are noted.</param>
    /// <param name="cancellation">The client left.</param>
    public static async ValueTask<(Secret? Own, GatewayError? Error)> AddAsync(
        Upstream upstream, ClientCredential client, bool isAtHome, IHeaderDictionary sent, HeaderPlan headers, CancellationToken cancellation)
    {
        var usesClient = isAtHome && UpstreamChoice.UsesClientCredential(upstream, client);
        if (client.DropApiKey || !usesClient)
        {
            headers.Drop("x-api-key");
        }

        if (client.DropAuthorization || !usesClient)
        {
            headers.Drop("authorization");
        }

        if (!isAtHome || upstream.IsClaudeCode)
        {
            DropOtherCredentials(sent, headers);
        }

        foreach (var (name, value) in upstream.Headers)
        {
            if (!sent.ContainsKey(name) || (!isAtHome && OtherCredentials.Contains(name, StringComparer.OrdinalIgnoreCase)))
            {
                headers.Add(name, value);
            }
        }

        if (usesClient || upstream.Credential is null)
        {
            return (null, null);
        }

        var result = await upstream.Credential.GetAsync(cancellation);
        if (result.Signer is { } signer)
        {
            headers.SignBy(signer);
            return (null, null);
        }

        if (result.Secret is not { } secret)
        {
            return (null, new GatewayError(ErrorKind.CredentialMissing, $"Tuppence has no credential for the upstream “{upstream.Name}”. {result.Problem}"));
        }

        if (upstream.Credential.Beta is { } beta && !Names(sent["anthropic-beta"], beta))
        {
            headers.Add("anthropic-beta", beta);
        }

        if (result.IsToken || upstream.Auth == AuthScheme.Bearer)
        {
            headers.Add("authorization", "Bearer " + secret.Reveal());
        }
        else
        {
            headers.Add(upstream.Auth == AuthScheme.ApiKey ? "api-key" : "x-api-key", secret.Reveal());
        }

        return (secret, null);
    }

    /// <summary>Whatever else a client may send to prove itself to the upstream that it meant.</summary>
    private static void DropOtherCredentials(IHeaderDictionary sent, HeaderPlan headers)
    {
        foreach (var name in OtherCredentials)
        {
            if (sent.ContainsKey(name))
            {
                headers.Drop(name);
            }
        }
    }

    private static bool Names(StringValues lines, string value) =>
        lines.Any(line => line is not null && line.Split(',').Any(part => part.AsSpan().Trim().SequenceEqual(value)));
}
