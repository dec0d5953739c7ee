using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Layers;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Configuration.Loading;

/// <summary>Completes each upstream's sign-in and federation: reads the client's secret, makes paths full, and sees that what belongs together is there.</summary>
internal static class SignInSources
{
    /// <summary>Reads variables and resolves paths.</summary>
    public static void Settle(Draft draft, Surroundings surroundings, string fileDirectory)
    {
        foreach (var name in draft.Upstreams.Keys.ToList())
        {
            var prefix = $"upstreams.{name}.";
            ReadSecret(draft, surroundings, name, prefix);
            if (draft.Upstreams[name].Federation is { TokenFile: { } file } federation)
            {
                var origin = draft.OriginOf(prefix + "federation.token_file").Kind;
                var path = surroundings.FullPath(file, origin == OriginKind.File ? fileDirectory : surroundings.WorkingDirectory);
                draft.Upstreams[name] = draft.Upstreams[name] with { Federation = federation with { TokenFile = path } };
            }
        }
    }

    /// <summary>Refuses what cannot work.</summary>
    public static void Check(Draft draft)
    {
        foreach (var (name, upstream) in draft.Upstreams)
        {
            var prefix = $"upstreams.{name}.";
            var signIn = draft.Origins.Keys.FirstOrDefault(key => key.StartsWith(prefix + "sign_in.", StringComparison.Ordinal));
            if (signIn is not null && upstream.SignIn.Issuer is null && !draft.IsWrong(prefix + "sign_in.issuer"))
            {
                draft.Refuse(signIn, "A sign-in is described, but not where people sign in.", null, "Set sign_in.issuer, or remove the other sign_in options.");
            }

            CheckFederation(draft, prefix, upstream);
            var hasKey = upstream.ApiKey is not null || upstream.ApiKeyFile is not null || upstream.ApiKeyCommand.Count > 0;
            if (hasKey && (upstream.SignIn.Issuer is not null || upstream.Federation.RuleId is not null))
            {
                draft.Warnings.Add($"The upstream {name} has a key and a sign-in or federation rule; the key is used.");
            }
        }
    }

    private static void CheckFederation(Draft draft, string prefix, UpstreamConfig upstream)
    {
        var federation = draft.Origins.Keys.FirstOrDefault(key => key.StartsWith(prefix + "federation.", StringComparison.Ordinal));
        if (federation is null || draft.IsWrong(prefix + "federation.rule_id") || draft.IsWrong(prefix + "federation.organization_id"))
        {
            return;
        }

        if (upstream.Federation.RuleId is null || upstream.Federation.OrganizationId is null)
        {
            draft.Refuse(federation, "Federation needs both rule_id and organization_id.", null, "Add the missing one; the Claude Console shows them on its Workload identity page.");
        }
        else if (upstream.Federation.TokenFile is null && upstream.SignIn.Issuer is null && !draft.IsWrong(prefix + "sign_in.issuer"))
        {
            draft.Refuse(federation, "Federation has no JWT to exchange.", null, "Set federation.token_file, or sign_in.issuer for people to sign in.");
        }
    }

    private static void ReadSecret(Draft draft, Surroundings surroundings, string name, string prefix)
    {
        var setting = prefix + "sign_in.client_secret_env";
        var signIn = draft.Upstreams[name].SignIn;
        if (signIn.ClientSecretEnv is not { } variable || draft.IsWrong(setting))
        {
            return;
        }

        if (signIn.ClientSecret is not null)
        {
            draft.Refuse(setting, "The client's secret has two sources; the other is sign_in.client_secret.", null, "Remove one of them.");
        }
        else if (surroundings[variable]?.Trim() is not { Length: > 0 } secret)
        {
            draft.Refuse(setting, $"The environment variable {ConfigNode.Quote(variable)[1..^1]} is not set.", null, "Set it before the gateway starts, or name another.");
        }
        else if (!SecretFormat.IsKey(secret))
        {
            draft.Errors.Add(new ConfigError(new ConfigOrigin(OriginKind.Environment, variable), prefix + "sign_in.client_secret", "The variable does not hold a secret.", new SecretFormat().Accepted, "Set it to the secret alone."));
        }
        else
        {
            draft.Upstreams[name] = draft.Upstreams[name] with { SignIn = signIn with { ClientSecret = new Secret(secret) } };
            draft.Origins[prefix + "sign_in.client_secret"] = new ConfigOrigin(OriginKind.Environment, variable);
        }
    }
}
