using Tuppence.Upstreams.Credentials.Cloud;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.Credentials.Google;

/// <summary>
/// Google's Application Default Credentials: a file that was named, here or by <c>GOOGLE_APPLICATION_CREDENTIALS</c>; else what the gcloud
/// program gives for its user; else the metadata server. gcloud's own files are not read.
/// </summary>
/// <remarks>Source: https://cloud.google.com/docs/authentication/application-default-credentials (2026).</remarks>
public static class GoogleChain
{
    /// <summary>The scope of all tokens.</summary>
    public const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private const string TokenPath = "/computeMetadata/v1/instance/service-accounts/default/token";
    private static readonly TimeSpan MetadataLimit = TimeSpan.FromSeconds(2);

    /// <summary>The chain.</summary>
    /// <param name="environment">What it may look at.</param>
    /// <param name="file">Service-account or external-account file, or null.</param>
    /// <param name="proxy">HTTP proxy for https endpoints, or null.</param>
    /// <param name="time">The clock.</param>
    public static TokenChain Of(CloudEnvironment environment, string? file, Uri? proxy, TimeProvider time)
    {
        var web = new WebCall(time, proxy);
        var accounts = new GoogleAccountFile(web, time);
        return new TokenChain(
            [
                () => (file ?? environment["GOOGLE_APPLICATION_CREDENTIALS"]) is { } path ? accounts.TokenAsync(path) : Task.FromResult(default(Lease<Secret>)),
                () => OfProgramAsync(environment, time),
                () => OfMetadataAsync(environment, web, time),
            ],
            "No Google credentials were found: no google_credentials_file, no GOOGLE_APPLICATION_CREDENTIALS, no user of gcloud (gcloud auth application-default login), no metadata server.",
            time);
    }

    // Not signed in, it ends with an error; a machine of Google's may still answer then.
    private static async Task<Lease<Secret>> OfProgramAsync(CloudEnvironment environment, TimeProvider time)
    {
        if (environment.FindProgram("gcloud") is not { } gcloud)
        {
            return default;
        }

        var (output, _) = await ProgramRun.RunAsync([gcloud, "auth", "application-default", "print-access-token", "--quiet"], time);
        return output?.Trim() is { Length: > 0 } token && !token.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? new Lease<Secret>(new Secret(token), time.GetUtcNow() + TokenReading.UntoldLife, null)
            : default;
    }

    private static async Task<Lease<Secret>> OfMetadataAsync(CloudEnvironment environment, WebCall web, TimeProvider time)
    {
        var host = environment["GCE_METADATA_HOST"] ?? environment["GCE_METADATA_IP"] ?? "169.254.169.254";
        if (!Uri.TryCreate($"http://{host}{TokenPath}?scopes={Uri.EscapeDataString(Scope)}", UriKind.Absolute, out var url))
        {
            return Lease<Secret>.Failed("GCE_METADATA_HOST is not a host");
        }

        var answer = await web.SendAsync("GET", url, [new HeaderLine("metadata-flavor", "Google")], default, MetadataLimit);
        return answer.IsOk ? TokenReading.Read(answer.Body, time.GetUtcNow(), "the metadata server")
            : answer.Status is 0 or 404 && environment["GCE_METADATA_HOST"] is null ? default
            : Lease<Secret>.Failed($"no token of the metadata server: {answer.Explain(url)}");
    }
}
