using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tuppence.Upstreams.Credentials.Cloud;

namespace Tuppence.Upstreams.Credentials.Google;

/// <summary>A token for the account of a JSON file: a service account's key, or an external account (Workload Identity Federation).</summary>
/// <remarks>Sources: https://developers.google.com/identity/protocols/oauth2/service-account and https://google.aip.dev/auth/4117 (2026).</remarks>
internal sealed class GoogleAccountFile(WebCall web, TimeProvider time)
{
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Reads the file anew and gets a token.</summary>
    public async Task<Lease<Secret>> TokenAsync(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length > MaxBytes)
        {
            return Lease<Secret>.Failed($"the Google credentials file {path} {(File.Exists(path) ? "is too large to be one" : "does not exist")}");
        }

        try
        {
            using var file = JsonDocument.Parse(await File.ReadAllBytesAsync(path));
            return TokenReading.Text(file.RootElement, "type") switch
            {
                "service_account" => await OfServiceAccountAsync(file.RootElement),
                "external_account" => await new GoogleExternalAccount(web, time).TokenAsync(file.RootElement),
                "authorized_user" => Lease<Secret>.Failed($"{path} holds a person's sign-in that belongs to gcloud; leave google_credentials_file and GOOGLE_APPLICATION_CREDENTIALS out, and gcloud is asked for a token"),
                var other => Lease<Secret>.Failed($"the Google credentials file {path} is of the type {other ?? "none"}; service_account and external_account are served"),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Lease<Secret>.Failed($"the Google credentials file {path} is not JSON as Google writes it");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return Lease<Secret>.Failed($"the private key in {path} cannot be read");
        }
    }

    private async Task<Lease<Secret>> OfServiceAccountAsync(JsonElement file)
    {
        if (TokenReading.Text(file, "client_email") is not { } account || TokenReading.Text(file, "private_key") is not { } key
            || !Uri.TryCreate(TokenReading.Text(file, "token_uri") ?? "https://oauth2.googleapis.com/token", UriKind.Absolute, out var url))
        {
            return Lease<Secret>.Failed("the service-account file lacks client_email, private_key or a valid token_uri");
        }

        var assertion = Assertion(account, key, TokenReading.Text(file, "private_key_id"), url.OriginalString);
        var answer = await web.SendAsync(
            "POST", url, Form.Headers, Form.Of(("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion)), Limit);
        return answer.IsOk ? TokenReading.Read(answer.Body, time.GetUtcNow(), url.Host) : Lease<Secret>.Failed($"no token for the service account {account}: {answer.Explain(url)}");
    }

    /// <summary>A JWT that the account signs for itself (RFC 7523 section 2.1), good for an hour.</summary>
    private string Assertion(string account, string key, string? keyId, string audience)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var header = keyId is null ? """{"alg":"RS256","typ":"JWT"}""" : $$"""{"alg":"RS256","typ":"JWT","kid":{{Json(keyId)}}}""";
        var claims = $$"""{"iss":{{Json(account)}},"scope":"{{GoogleChain.Scope}}","aud":{{Json(audience)}},"iat":{{now}},"exp":{{now + 3600}}}""";
        var text = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header)) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
        using var rsa = RSA.Create();
        rsa.ImportFromPem(key);
        return text + "." + Base64Url.EncodeToString(rsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static string Json(string text) => $"\"{JavaScriptEncoder.Default.Encode(text)}\"";
}
