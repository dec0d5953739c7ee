using System.Text;
using Tuppence.Upstreams.Credentials.Cloud;

namespace Tuppence.Upstreams.Credentials.Aws;

/// <summary>
/// The keys of a shared profile: its own, a program's (<c>credential_process</c>), or a role's by web identity or by other keys. For single
/// sign-on the AWS CLI is asked: its cache of tokens is its own.
/// </summary>
internal sealed class AwsProfileKeys(CloudEnvironment environment, AwsSts sts, AwsMetadata metadata, TimeProvider time)
{
    private const int MostRoles = 5;

    /// <summary>The keys; the default where the profile does not exist and was not asked for by name.</summary>
    /// <param name="name">The profile.</param>
    /// <param name="isNamed">Whether the user named it.</param>
    /// <param name="ofEnvironment">Keys of the environment, for profiles that build on them.</param>
    public Task<Lease<AwsKeys>> OfAsync(string name, bool isNamed, Func<Lease<AwsKeys>> ofEnvironment) =>
        OfAsync(AwsProfiles.Read(environment), name, isNamed, ofEnvironment, MostRoles);

    private async Task<Lease<AwsKeys>> OfAsync(AwsProfiles profiles, string name, bool isNamed, Func<Lease<AwsKeys>> ofEnvironment, int depth)
    {
        if (profiles[name] is not { } profile)
        {
            return isNamed ? Lease<AwsKeys>.Failed($"there is no AWS profile named {name}") : default;
        }

        if (profile.TryGetValue("role_arn", out var role))
        {
            return await OfRoleAsync(profiles, name, profile, role, ofEnvironment, depth);
        }

        return await OwnAsync(name, profile);
    }

    private async Task<Lease<AwsKeys>> OwnAsync(string name, IReadOnlyDictionary<string, string> profile)
    {
        if (profile.TryGetValue("aws_access_key_id", out var id))
        {
            return AwsKeysReading.Of(id, profile.GetValueOrDefault("aws_secret_access_key"), profile.GetValueOrDefault("aws_session_token"), null, $"the AWS profile {name}");
        }

        if (profile.TryGetValue("credential_process", out var line) && ProgramRun.Split(line) is { Count: > 0 } command)
        {
            return await OfProgramAsync(command, $"the credential_process of the AWS profile {name}");
        }

        if (profile.ContainsKey("sso_session") || profile.ContainsKey("sso_start_url") || profile.ContainsKey("login_session"))
        {
            return environment.FindProgram("aws") is { } aws
                ? await OfProgramAsync([aws, "configure", "export-credentials", "--profile", name, "--format", "process"], "the AWS CLI")
                : Lease<AwsKeys>.Failed($"the AWS profile {name} signs in by the AWS CLI, which is not installed here (no aws on the PATH)");
        }

        return default;
    }

    private async Task<Lease<AwsKeys>> OfRoleAsync(
        AwsProfiles profiles, string name, IReadOnlyDictionary<string, string> profile, string role, Func<Lease<AwsKeys>> ofEnvironment, int depth)
    {
        var session = profile.GetValueOrDefault("role_session_name");
        if (profile.TryGetValue("web_identity_token_file", out var file))
        {
            return await sts.ByWebIdentityAsync(role, file, session);
        }

        if (profile.ContainsKey("mfa_serial"))
        {
            return Lease<AwsKeys>.Failed($"the AWS profile {name} asks for a code each time (mfa_serial), which a gateway cannot give");
        }

        if (depth == 0)
        {
            return Lease<AwsKeys>.Failed($"the AWS profile {name} takes on too many roles one after another");
        }

        var source = profile.GetValueOrDefault("source_profile") switch
        {
            // A role's profile may hold the keys itself.
            { } self when self == name => await OwnAsync(name, profile),
            { } other => await OfAsync(profiles, other, isNamed: true, ofEnvironment, depth - 1),
            null => profile.GetValueOrDefault("credential_source") switch
            {
                "Environment" => ofEnvironment(),
                "EcsContainer" => await metadata.OfContainerAsync(),
                "Ec2InstanceMetadata" => await metadata.OfInstanceAsync(),
                _ => default,
            },
        };
        return source.Value is { } keys ? await sts.ByKeysAsync(role, keys, session, profile.GetValueOrDefault("external_id"))
            : source.Problem is not null ? source
            : Lease<AwsKeys>.Failed($"the AWS profile {name} has a role but no keys to take it on with (source_profile or credential_source)");
    }

    private async Task<Lease<AwsKeys>> OfProgramAsync(IReadOnlyList<string> command, string source)
    {
        var (output, problem) = await ProgramRun.RunAsync(command, time);
        return output is null ? Lease<AwsKeys>.Failed($"“{Path.GetFileName(command[0])}” {problem}") : AwsKeysReading.FromJson(Encoding.UTF8.GetBytes(output), source);
    }
}
