using Microsoft.Extensions.Primitives;
using Tuppence.Configuration;

namespace Tuppence.Exchange;

/// <summary>Settles which credential a request carries upstream, and to exactly one origin.</summary>
internal static class Authorization
{
    /// <summary>
    /// Keeps the request's own credential or puts the upstream's in its place; gateway keys end here. Tells whether the upstream's
    /// own is used, or why it cannot be had.
    /// </summary>
    /// <param name="upstream">Where the request goes.</param>
    /// <param name="client">What the request brings.</param>
    /// <param name="sent">The client's header lines.</param>
    /// <param name="headers">Where changes of header lines are noted.</param>
    /// <param name="cancellation">The client left.</param>
    public static async ValueTask<(bool UsesOwn, GatewayError? Error)> AddAsync(
        Upstream upstream, ClientCredential client, IHeaderDictionary sent, HeaderPlan headers, CancellationToken cancellation)
    {
        var usesClient = UpstreamChoice.UsesClientCredential(upstream, client);
        if (client.DropApiKey || !usesClient)
        {
            headers.Drop("x-api-key");
        }

        if (client.DropAuthorization || !usesClient)
        {
            headers.Drop("authorization");
        }

        foreach (var (name, value) in upstream.Headers)
        {
            if (!sent.ContainsKey(name))
            {
                headers.Add(name, value);
            }
        }

        if (usesClient || upstream.Credential is null)
        {
            return (false, null);
        }

        var (secret, problem) = await upstream.Credential.GetAsync(cancellation);
        if (secret is null)
        {
            return (false, new GatewayError(ErrorKind.CredentialMissing, $"Tuppence has no credential for the upstream “{upstream.Name}”. {problem}"));
        }

        if (upstream.Credential.Beta is { } beta && !Names(sent["anthropic-beta"], beta))
        {
            headers.Add("anthropic-beta", beta);
        }

        if (upstream.Auth == AuthScheme.Bearer)
        {
            headers.Add("authorization", "Bearer " + secret.Reveal());
        }
        else
        {
            headers.Add("x-api-key", secret.Reveal());
        }

        return (true, null);
    }

    private static bool Names(StringValues lines, string value) =>
        lines.Any(line => line is not null && line.Split(',').Any(part => part.AsSpan().Trim().SequenceEqual(value)));
}
