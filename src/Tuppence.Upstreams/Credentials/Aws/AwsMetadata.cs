using Tuppence.Upstreams.Credentials.Cloud;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.Credentials.Aws;

/// <summary>Roles that AWS gives to a container or an instance, from the addresses that only it can reach.</summary>
/// <remarks>
/// Sources: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html and
/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html (2026). Of the instance's service only version 2 is spoken.
/// </remarks>
internal sealed class AwsMetadata(CloudEnvironment environment, WebCall web)
{
    private const string RolePath = "/latest/meta-data/iam/security-credentials/";
    private static readonly TimeSpan ContainerLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan InstanceLimit = TimeSpan.FromSeconds(2);

    /// <summary>The role of the container, where its variables are set.</summary>
    public async Task<Lease<AwsKeys>> OfContainerAsync()
    {
        var text = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] is { } relative ? "http://169.254.170.2" + relative : environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"];
        if (text is null)
        {
            return default;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            return Lease<AwsKeys>.Failed("the address of the container's credentials (AWS_CONTAINER_CREDENTIALS_FULL_URI) is not a URL");
        }

        var token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] is { } file ? (await File.ReadAllTextAsync(file)).Trim() : environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"];
        if (token?.AsSpan().ContainsAnyExceptInRange(' ', '~') == true)
        {
            return Lease<AwsKeys>.Failed("the container's authorization token cannot stand in a header line");
        }

        var answer = await web.SendAsync("GET", url, token is null ? [] : [new HeaderLine("authorization", token)], default, ContainerLimit);
        return answer.IsOk ? AwsKeysReading.FromJson(answer.Body, "the container's credential endpoint") : Lease<AwsKeys>.Failed($"no credentials of the container: {answer.Explain(url)}");
    }

    /// <summary>The role of the instance; not set up where nobody answers at its address.</summary>
    public async Task<Lease<AwsKeys>> OfInstanceAsync()
    {
        if (string.Equals(environment["AWS_EC2_METADATA_DISABLED"], "true", StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        var text = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ??
            (string.Equals(environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"], "IPv6", StringComparison.OrdinalIgnoreCase) ? "http://[fd00:ec2::254]" : "http://169.254.169.254");
        if (!Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var service))
        {
            return Lease<AwsKeys>.Failed("AWS_EC2_METADATA_SERVICE_ENDPOINT is not a URL");
        }

        var session = await web.SendAsync("PUT", new Uri(service, "/latest/api/token"), [new HeaderLine("x-aws-ec2-metadata-token-ttl-seconds", "21600")], default, InstanceLimit);
        if (!session.IsOk)
        {
            return session.Status == 0 ? default : Lease<AwsKeys>.Failed($"no credentials of the instance: {session.Explain(service)}");
        }

        var proof = new HeaderLine("x-aws-ec2-metadata-token", session.Text.Trim());
        var role = await web.SendAsync("GET", new Uri(service, RolePath), [proof], default, InstanceLimit);
        if (!role.IsOk || role.Text.Trim().Split('\n')[0].Trim() is not { Length: > 0 } name)
        {
            return role.Status == 404 ? default : Lease<AwsKeys>.Failed($"the instance has no role: {role.Explain(service)}");
        }

        var keys = await web.SendAsync("GET", new Uri(service, RolePath + Uri.EscapeDataString(name)), [proof], default, InstanceLimit);
        return keys.IsOk ? AwsKeysReading.FromJson(keys.Body, "the instance metadata service") : Lease<AwsKeys>.Failed($"no credentials of the instance: {keys.Explain(service)}");
    }
}
