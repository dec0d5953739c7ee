using System.Text;
using Tuppence.Upstreams.Credentials.Cloud;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.Credentials.Azure;

/// <summary>Microsoft Entra tokens as Azure's own programs find them: client secret of the environment, workload identity, managed identity, the Azure CLI.</summary>
/// <remarks>
/// Sources: https://learn.microsoft.com/dotnet/azure/sdk/authentication/credential-chains,
/// https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token,
/// https://learn.microsoft.com/azure/app-service/overview-managed-identity (2026).
/// </remarks>
public static class AzureChain
{
    /// <summary>The scope of Foundry's tokens.</summary>
    public const string Scope = Resource + "/.default";

    private const string Resource = "https://ai.azure.com";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MetadataLimit = TimeSpan.FromSeconds(2);

    /// <summary>The chain.</summary>
    /// <param name="environment">What it may look at.</param>
    /// <param name="proxy">HTTP proxy for https endpoints, or null.</param>
    /// <param name="time">The clock.</param>
    public static TokenChain Of(CloudEnvironment environment, Uri? proxy, TimeProvider time)
    {
        var web = new WebCall(time, proxy);
        return new TokenChain(
            [
                () => OfClientAsync(environment, web, time),
                () => OfApplicationAsync(environment, web, time),
                () => OfMachineAsync(environment, web, time),
                () => OfProgramAsync(environment, time),
            ],
            "No Azure credentials were found: no AZURE_CLIENT_SECRET, no workload identity, no managed identity, no user of the Azure CLI (az login).",
            time);
    }

    /// <summary>A client of the tenant, by its secret or by the token of a workload.</summary>
    private static async Task<Lease<Secret>> OfClientAsync(CloudEnvironment environment, WebCall web, TimeProvider time)
    {
        if (environment["AZURE_TENANT_ID"] is not { } tenant || environment["AZURE_CLIENT_ID"] is not { } client)
        {
            return default;
        }

        (string, string)[] proof;
        if (environment["AZURE_CLIENT_SECRET"] is { } secret)
        {
            proof = [("client_secret", secret)];
        }
        else if (environment["AZURE_FEDERATED_TOKEN_FILE"] is { } file)
        {
            if (!File.Exists(file))
            {
                return Lease<Secret>.Failed($"the workload's token file {file} does not exist");
            }

            proof = [("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", (await File.ReadAllTextAsync(file)).Trim())];
        }
        else
        {
            return default;
        }

        var authority = environment["AZURE_AUTHORITY_HOST"] ?? "https://login.microsoftonline.com";
        if (!Uri.TryCreate($"{authority.TrimEnd('/')}/{Uri.EscapeDataString(tenant)}/oauth2/v2.0/token", UriKind.Absolute, out var url))
        {
            return Lease<Secret>.Failed("AZURE_AUTHORITY_HOST is not a URL");
        }

        var answer = await web.SendAsync("POST", url, Form.Headers, Form.Of([("grant_type", "client_credentials"), ("client_id", client), ("scope", Scope), .. proof]), Limit);
        return answer.IsOk ? TokenReading.Read(answer.Body, time.GetUtcNow(), url.Host) : Lease<Secret>.Failed($"no token for the client {client}: {answer.Explain(url)}");
    }

    /// <summary>The managed identity of an App Service, a function or a container app.</summary>
    private static async Task<Lease<Secret>> OfApplicationAsync(CloudEnvironment environment, WebCall web, TimeProvider time)
    {
        if (environment["IDENTITY_ENDPOINT"] is not { } endpoint || environment["IDENTITY_HEADER"] is not { } proof)
        {
            return default;
        }

        if (!Uri.TryCreate($"{endpoint}{(endpoint.Contains('?', StringComparison.Ordinal) ? '&' : '?')}api-version=2019-08-01&resource={Uri.EscapeDataString(Resource)}{ClientOf(environment)}", UriKind.Absolute, out var url))
        {
            return Lease<Secret>.Failed("IDENTITY_ENDPOINT is not a URL");
        }

        var answer = await web.SendAsync("GET", url, [new HeaderLine("x-identity-header", proof)], default, Limit);
        return answer.IsOk ? TokenReading.Read(answer.Body, time.GetUtcNow(), "the managed identity") : Lease<Secret>.Failed($"no token of the managed identity: {answer.Explain(url)}");
    }

    /// <summary>The managed identity of a virtual machine; not set up where nobody answers at its address, or answers that there is none.</summary>
    private static async Task<Lease<Secret>> OfMachineAsync(CloudEnvironment environment, WebCall web, TimeProvider time)
    {
        var host = environment["AZURE_POD_IDENTITY_AUTHORITY_HOST"] ?? "http://169.254.169.254";
        if (!Uri.TryCreate($"{host.TrimEnd('/')}/metadata/identity/oauth2/token?api-version=2018-02-01&resource={Uri.EscapeDataString(Resource)}{ClientOf(environment)}", UriKind.Absolute, out var url))
        {
            return Lease<Secret>.Failed("AZURE_POD_IDENTITY_AUTHORITY_HOST is not a URL");
        }

        var answer = await web.SendAsync("GET", url, [new HeaderLine("metadata", "true")], default, MetadataLimit);
        return answer.IsOk ? TokenReading.Read(answer.Body, time.GetUtcNow(), "the managed identity")
            : answer.Status is 0 or 400 or 403 or 404 or 405 ? default
            : Lease<Secret>.Failed($"no token of the managed identity: {answer.Explain(url)}");
    }

    private static async Task<Lease<Secret>> OfProgramAsync(CloudEnvironment environment, TimeProvider time)
    {
        if (environment.FindProgram("az") is not { } az)
        {
            return default;
        }

        var (output, problem) = await ProgramRun.RunAsync([az, "account", "get-access-token", "--scope", Scope, "--output", "json"], time);
        return output is null
            ? Lease<Secret>.Failed($"the Azure CLI gave no token: “az” {problem}; az login signs in")
            : TokenReading.Read(Encoding.UTF8.GetBytes(output), time.GetUtcNow(), "the Azure CLI");
    }

    private static string ClientOf(CloudEnvironment environment) => environment["AZURE_CLIENT_ID"] is { } client ? "&client_id=" + Uri.EscapeDataString(client) : "";
}
