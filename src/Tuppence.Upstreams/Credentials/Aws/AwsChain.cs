using Tuppence.Upstreams.Credentials.Cloud;

namespace Tuppence.Upstreams.Credentials.Aws;

/// <summary>
/// Keys as AWS's own programs find them: a profile that was named; else environment, web identity, shared profile, container, instance. Each
/// request is signed with them.
/// </summary>
/// <remarks>Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html (2026).</remarks>
public sealed class AwsChain : ICredential
{
    private const string Nothing =
        "No AWS credentials were found: not in the environment (AWS_ACCESS_KEY_ID), not as a web identity, in no shared profile, from no container and no instance. Set one up, or give the upstream a key (api_key_env).";

    private readonly CloudEnvironment environment;
    private readonly string region;
    private readonly string service;
    private readonly string? profile;
    private readonly TimeProvider time;
    private readonly AwsSts sts;
    private readonly AwsMetadata metadata;
    private readonly Renewed<SigV4> signer;

    /// <summary>A chain.</summary>
    /// <param name="environment">What it may look at.</param>
    /// <param name="region">Region of the service.</param>
    /// <param name="service">Signing name of the service.</param>
    /// <param name="profile">The profile to use, or null for the chain's own choice.</param>
    /// <param name="proxy">HTTP proxy for https endpoints, or null.</param>
    /// <param name="time">The clock.</param>
    public AwsChain(CloudEnvironment environment, string region, string service, string? profile, Uri? proxy, TimeProvider time)
    {
        (this.environment, this.region, this.service, this.profile, this.time) = (environment, region, service, profile, time);
        var web = new WebCall(time, proxy);
        sts = new AwsSts(environment, region, web, time);
        metadata = new AwsMetadata(environment, web);
        signer = new Renewed<SigV4>(FetchAsync, time);
    }

    /// <inheritdoc/>
    public async ValueTask<CredentialResult> GetAsync(CancellationToken cancellation)
    {
        var lease = await signer.GetAsync(cancellation);
        return lease.Value is { } value ? CredentialResult.OfSigner(value) : CredentialResult.OfProblem(lease.Problem!);
    }

    /// <inheritdoc/>
    public void Refused() => signer.Forget();

    private async Task<Lease<SigV4>> FetchAsync()
    {
        var lease = await FindAsync();
        return lease.Value is { } keys
            ? new Lease<SigV4>(new SigV4(keys, region, service, time), lease.Expires, null)
            : Lease<SigV4>.Failed(lease.Problem is { } problem ? char.ToUpperInvariant(problem[0]) + problem[1..] + "." : Nothing);
    }

    private async Task<Lease<AwsKeys>> FindAsync()
    {
        if (profile is not null)
        {
            return await OfProfileAsync(profile, isNamed: true);
        }

        var lease = OfEnvironment();
        lease = lease.IsAnswer ? lease : await OfWebIdentityAsync();
        lease = lease.IsAnswer ? lease : await OfProfileAsync(environment["AWS_PROFILE"] ?? "default", environment["AWS_PROFILE"] is not null);
        lease = lease.IsAnswer ? lease : await metadata.OfContainerAsync();
        return lease.IsAnswer ? lease : await metadata.OfInstanceAsync();
    }

    private Lease<AwsKeys> OfEnvironment() => environment["AWS_ACCESS_KEY_ID"] is { } id && environment["AWS_SECRET_ACCESS_KEY"] is { } secret
        ? AwsKeysReading.Of(id, secret, environment["AWS_SESSION_TOKEN"], environment["AWS_CREDENTIAL_EXPIRATION"], "the environment")
        : default;

    private Task<Lease<AwsKeys>> OfWebIdentityAsync() => environment["AWS_WEB_IDENTITY_TOKEN_FILE"] is { } file && environment["AWS_ROLE_ARN"] is { } role
        ? sts.ByWebIdentityAsync(role, file, environment["AWS_ROLE_SESSION_NAME"])
        : Task.FromResult(default(Lease<AwsKeys>));

    private Task<Lease<AwsKeys>> OfProfileAsync(string name, bool isNamed)
    {
        var found = new AwsProfileKeys(environment, sts, metadata, time);
        return found.OfAsync(name, isNamed, OfEnvironment);
    }
}
