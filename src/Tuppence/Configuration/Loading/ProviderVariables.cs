using Tuppence.Configuration.Catalogue;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.Credentials.Cloud;

namespace Tuppence.Configuration.Loading;

/// <summary>What providers' own programs take from the environment: region, Bedrock's key, and all that a cloud's chain looks at.</summary>
internal static class ProviderVariables
{
    private const string BedrockKey = "AWS_BEARER_TOKEN_BEDROCK";

    /// <summary>Completes every upstream that has a provider of its own.</summary>
    public static void Apply(Draft draft, Surroundings surroundings)
    {
        foreach (var (name, upstream) in draft.Upstreams.ToList())
        {
            if (upstream.Provider == Provider.Messages && upstream.CloudIdentity == CloudIdentity.None)
            {
                continue;
            }

            var prefix = $"upstreams.{name}.";
            UseRegion(draft, surroundings, name, prefix);
            UseBedrockKey(draft, surroundings, name, prefix);
            UseBearer(draft, name, prefix);
            if (upstream.CloudIdentity != CloudIdentity.None)
            {
                draft.Upstreams[name] = draft.Upstreams[name] with { CloudEnvironment = EnvironmentOf(surroundings) };
            }
        }
    }

    private static bool IsOfAws(UpstreamConfig upstream) => upstream.Provider is Provider.ClaudeOnAws or Provider.BedrockMessages or Provider.Bedrock;

    private static void UseRegion(Draft draft, Surroundings surroundings, string name, string prefix)
    {
        var upstream = draft.Upstreams[name];
        if (!IsOfAws(upstream) || upstream.Region is not null || draft.IsWrong(prefix + "region"))
        {
            return;
        }

        var variable = surroundings["AWS_REGION"] is not null ? "AWS_REGION" : "AWS_DEFAULT_REGION";
        if (surroundings[variable]?.Trim() is { } region)
        {
            var origin = new ConfigOrigin(OriginKind.Environment, variable);
            var setting = UpstreamSettings.All.First(static s => s.Key == "region");
            draft.Upstreams[name] = setting.Read(upstream, prefix + "region", Layers.ConfigNode.Bare(region, origin), draft.Errors);
            draft.Origins[prefix + "region"] = origin;
        }
    }

    // As ANTHROPIC_API_KEY: it goes to the provider's own address alone, and only where nothing else is configured.
    private static void UseBedrockKey(Draft draft, Surroundings surroundings, string name, string prefix)
    {
        var upstream = draft.Upstreams[name];
        var hasOther = upstream.ApiKey is not null || upstream.ApiKeyFile is not null || upstream.ApiKeyCommand.Count > 0 || upstream.ApiKeyEnv is not null
            || upstream.CloudIdentity != CloudIdentity.None || upstream.SignIn.Issuer is not null;
        if (upstream.Provider is not (Provider.Bedrock or Provider.BedrockMessages) || upstream.Url is not null || hasOther || surroundings[BedrockKey]?.Trim() is not { Length: > 0 } key)
        {
            return;
        }

        var origin = new ConfigOrigin(OriginKind.Environment, BedrockKey);
        if (!SecretFormat.IsKey(key))
        {
            draft.Errors.Add(new ConfigError(origin, prefix + "api_key", "The variable does not hold a key.", new SecretFormat().Accepted, "Set it to the key alone, or unset it."));
            return;
        }

        draft.Upstreams[name] = upstream with { ApiKey = new Secret(key) };
        draft.Origins[prefix + "api_key"] = origin;
    }

    // The official SDKs send AWS's keys as bearer tokens and Foundry's as x-api-key.
    private static void UseBearer(Draft draft, string name, string prefix)
    {
        if (IsOfAws(draft.Upstreams[name]) && !draft.Origins.ContainsKey(prefix + "auth"))
        {
            draft.Upstreams[name] = draft.Upstreams[name] with { Auth = AuthScheme.Bearer };
        }
    }

    private static CloudEnvironment EnvironmentOf(Surroundings surroundings) => new(
        surroundings.Variables.Where(static variable => CloudEnvironment.Wants(variable.Key)).ToDictionary(StringComparer.Ordinal),
        surroundings.HomeDirectory);
}
