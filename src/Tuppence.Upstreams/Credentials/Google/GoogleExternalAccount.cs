using System.Text;
using System.Text.Json;
using Tuppence.Upstreams.Credentials.Cloud;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.Credentials.Google;

/// <summary>Exchanges the token of another identity provider, from a file or a URL, for Google's (RFC 8693), then for a service account's where the file says so.</summary>
/// <remarks>Source: https://google.aip.dev/auth/4117 (2026). Subject tokens of AWS, of certificates and of programs are not served.</remarks>
internal sealed class GoogleExternalAccount(WebCall web, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>A token for the account of the file.</summary>
    public async Task<Lease<Secret>> TokenAsync(JsonElement file)
    {
        var (subject, problem) = await SubjectAsync(file.TryGetProperty("credential_source", out var source) ? source : default);
        if (subject is null)
        {
            return Lease<Secret>.Failed(problem!);
        }

        if (!Uri.TryCreate(TokenReading.Text(file, "token_url"), UriKind.Absolute, out var url) || TokenReading.Text(file, "audience") is not { } audience)
        {
            return Lease<Secret>.Failed("the external-account file lacks token_url or audience");
        }

        var answer = await web.SendAsync(
            "POST",
            url,
            Form.Headers,
            Form.Of(
                ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
                ("audience", audience),
                ("scope", GoogleChain.Scope),
                ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
                ("subject_token_type", TokenReading.Text(file, "subject_token_type") ?? "urn:ietf:params:oauth:token-type:jwt"),
                ("subject_token", subject)),
            Limit);
        var lease = answer.IsOk ? TokenReading.Read(answer.Body, time.GetUtcNow(), url.Host) : Lease<Secret>.Failed($"no token in exchange: {answer.Explain(url)}");
        return lease.Value is { } token && TokenReading.Text(file, "service_account_impersonation_url") is { } account ? await ActForAsync(account, token) : lease;
    }

    private async Task<Lease<Secret>> ActForAsync(string account, Secret token)
    {
        if (!Uri.TryCreate(account, UriKind.Absolute, out var url))
        {
            return Lease<Secret>.Failed("service_account_impersonation_url of the external-account file is not a URL");
        }

        var answer = await web.SendAsync(
            "POST",
            url,
            [new HeaderLine("authorization", "Bearer " + token.Reveal()), new HeaderLine("content-type", "application/json")],
            Encoding.ASCII.GetBytes($$"""{"scope":["{{GoogleChain.Scope}}"],"lifetime":"3600s"}"""),
            Limit);
        return answer.IsOk ? TokenReading.Read(answer.Body, time.GetUtcNow(), url.Host) : Lease<Secret>.Failed($"the service account could not be acted for: {answer.Explain(url)}");
    }

    private async Task<(string? Token, string? Problem)> SubjectAsync(JsonElement source)
    {
        string text;
        if (TokenReading.Text(source, "file") is { } path)
        {
            if (!File.Exists(path))
            {
                return (null, $"the subject token file {path} does not exist");
            }

            text = await File.ReadAllTextAsync(path);
        }
        else if (TokenReading.Text(source, "environment_id") is null && Uri.TryCreate(TokenReading.Text(source, "url"), UriKind.Absolute, out var url))
        {
            var answer = await web.SendAsync("GET", url, HeadersOf(source), default, Limit);
            if (!answer.IsOk)
            {
                return (null, $"no subject token: {answer.Explain(url)}");
            }

            text = answer.Text;
        }
        else
        {
            return (null, "the external-account file takes its subject token from neither a file nor a URL, which is all that is served");
        }

        if (source.TryGetProperty("format", out var format) && TokenReading.Text(format, "type") == "json")
        {
            using var json = JsonDocument.Parse(text);
            return TokenReading.Text(json.RootElement, TokenReading.Text(format, "subject_token_field_name") ?? "access_token") is { } token
                ? (token, null)
                : (null, "the subject token is not where the external-account file says");
        }

        return text.Trim() is { Length: > 0 } plain ? (plain, null) : (null, "the subject token is empty");
    }

    private static List<HeaderLine> HeadersOf(JsonElement source)
    {
        var lines = new List<HeaderLine>();
        if (source.TryGetProperty("headers", out var headers))
        {
            foreach (var header in headers.EnumerateObject())
            {
                if (header.Value.GetString() is { } value && !value.AsSpan().ContainsAnyExceptInRange(' ', '~') && !header.Name.AsSpan().ContainsAnyExceptInRange('!', '~'))
                {
                    lines.Add(new HeaderLine(header.Name, value));
                }
            }
        }

        return lines;
    }
}
