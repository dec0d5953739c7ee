using System.Net.Http.Headers;
using System.Text.Json;
using Duende.IdentityModel.Client;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Upstreams.OAuth;

/// <summary>
/// Exchanges a JWT for a short-lived token (RFC 7523 grant in JSON). Sources: https://platform.claude.com/docs/en/manage-claude/wif-reference
/// (2026-08-22) and the exchange of npm <c>@anthropic-ai/sdk</c> 1.12.0, <c>lib/credentials/oidc-federation</c>.
/// </summary>
/// <param name="http">Sends requests; made by <see cref="OAuthTransport"/>.</param>
/// <param name="baseUrl">Base URL of the upstream; the JWT goes nowhere else.</param>
/// <param name="rule">The federation rule.</param>
public sealed class FederationEndpoint(HttpMessageInvoker http, Uri baseUrl, FederationRule rule)
{
    /// <summary>What requests with such a token must carry in <c>anthropic-beta</c>.</summary>
    public const string RequestBeta = "oauth-2025-04-20";

    /// <summary>Largest JWT that the endpoint takes, in bytes.</summary>
    public const int MaxAssertionBytes = 16 * 1024;

    private const string ExchangeBetas = RequestBeta + ",oidc-federation-2026-04-01";

    /// <summary>One exchange, never repeated here.</summary>
    public async Task<TokenResult> ExchangeAsync(Secret assertion, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        if (assertion.Reveal().Length > MaxAssertionBytes)
        {
            return TokenResult.Of(new TokenProblem(
                TokenProblemKind.ClientRejected, null, $"The JWT has {assertion.Reveal().Length} bytes; the exchange takes {MaxAssertionBytes} at most. Ask its issuer for fewer claims."));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(baseUrl.AbsoluteUri.TrimEnd('/') + "/v1/oauth/token")) { Content = Body(assertion) };
        request.Headers.TryAddWithoutValidation("anthropic-beta", ExchangeBetas);
        try
        {
            using var answer = await http.SendAsync(request, cancellation);
            var tokens = TokenAnswers.Read(await ProtocolResponse.FromHttpResponseAsync<TokenResponse>(answer), cancellation, assertion);
            return !tokens.IsSuccess ? TokenResult.Of(Explain(tokens.Problem, (int)answer.StatusCode, answer.Headers.TryGetValues("request-id", out var ids) ? ids.FirstOrDefault() : null))
                : tokens.Answer.Lifetime is null ? TokenResult.Of(new TokenProblem(TokenProblemKind.Unknown, null, "The exchange gave a token without saying how long it is valid."))
                : tokens;
        }
        catch (HttpRequestException e)
        {
            return TokenResult.Of(TokenAnswers.ProblemOf(e));
        }
    }

    private TokenProblem Explain(TokenProblem problem, int status, string? requestId)
    {
        var id = requestId is null ? "" : $" (request-id {ServerWords.Clean(requestId)})";
        var hint = status != 401 ? ""
            : " Check that the federation rule matches the JWT" + (rule.WorkspaceId is null ? ", and set federation.workspace_id where the rule covers several workspaces" : "") + "; the Workload identity page of the Claude Console lists the attempts.";
        return problem with { Detail = problem.Detail.TrimEnd('.') + id + "." + hint };
    }

    private ByteArrayContent Body(Secret assertion)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("grant_type"u8, "urn:ietf:params:oauth:grant-type:jwt-bearer"u8);
            json.WriteString("assertion"u8, assertion.Reveal());
            json.WriteString("federation_rule_id"u8, rule.Id);
            json.WriteString("organization_id"u8, rule.OrganizationId);
            if (rule.ServiceAccountId is not null)
            {
                json.WriteString("service_account_id"u8, rule.ServiceAccountId);
            }

            if (rule.WorkspaceId is not null)
            {
                json.WriteString("workspace_id"u8, rule.WorkspaceId);
            }

            json.WriteEndObject();
        }

        var content = new ByteArrayContent(stream.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
