using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Loading;

/// <summary>Whether an upstream has what its provider needs, and a credential that its provider knows.</summary>
internal static class ProviderChecks
{
    /// <summary>Checks all upstreams that have a provider of their own.</summary>
    public static void Check(Draft draft)
    {
        foreach (var (name, upstream) in draft.Upstreams)
        {
            var prefix = $"upstreams.{name}.";
            if (draft.IsWrong(prefix + "provider"))
            {
                continue;
            }

            foreach (var (option, why) in Missing(upstream))
            {
                if (!draft.IsWrong(prefix + option))
                {
                    draft.Errors.Add(new ConfigError(OriginOf(draft, name), prefix + option, $"An upstream with the provider {Name(upstream)} needs {option}: {why}.", null, $"Add {option}{(option is "workspace" || upstream.Url is not null ? "" : ", or url")}."));
                }
            }

            CheckIdentity(draft, name, prefix, upstream);
        }
    }

    /// <summary>The options that are missing, and what each is needed for.</summary>
    public static IEnumerable<(string Option, string Why)> Missing(UpstreamConfig upstream)
    {
        var hasUrl = upstream.Url is not null;
        var signs = upstream.CloudIdentity == CloudIdentity.Aws;
        switch (upstream.Provider)
        {
            case Provider.ClaudeOnAws or Provider.BedrockMessages or Provider.Bedrock:
                if (upstream.Region is null && (!hasUrl || signs))
                {
                    yield return ("region", signs ? "requests go there and are signed for it" : "requests go there");
                }

                if (upstream.Provider == Provider.ClaudeOnAws && upstream.Workspace is null)
                {
                    yield return ("workspace", "every request names one");
                }

                break;
            case Provider.Vertex:
                if (upstream.Project is null)
                {
                    yield return ("project", "every path names it");
                }

                if (upstream.Region is null)
                {
                    yield return ("region", "every path names it (global is one)");
                }

                break;
            case Provider.ClaudeOnGoogleCloud when !hasUrl:
                foreach (var (value, option) in new[] { (upstream.Project, "project"), (upstream.Region, "region"), (upstream.Workspace, "workspace") })
                {
                    if (value is null)
                    {
                        yield return (option, "the address names it");
                    }
                }

                break;
            case Provider.Foundry when !hasUrl && upstream.Resource is null:
                yield return ("resource", "the address names it");
                break;
        }
    }

    private static void CheckIdentity(Draft draft, string name, string prefix, UpstreamConfig upstream)
    {
        if (upstream.CloudIdentity == CloudIdentity.None || draft.IsWrong(prefix + "cloud_identity"))
        {
            return;
        }

        var fitting = upstream.Provider switch
        {
            Provider.ClaudeOnAws or Provider.BedrockMessages or Provider.Bedrock => CloudIdentity.Aws,
            Provider.Vertex or Provider.ClaudeOnGoogleCloud => CloudIdentity.Google,
            Provider.Foundry => CloudIdentity.Azure,
            _ => CloudIdentity.None,
        };
        if (upstream.CloudIdentity != fitting)
        {
            var accepted = fitting == CloudIdentity.None ? "none" : Lower(fitting);
            draft.Refuse(
                prefix + "cloud_identity",
                $"The provider {Name(upstream)} does not know credentials of {Lower(upstream.CloudIdentity)}.",
                accepted,
                fitting == CloudIdentity.None ? "Set provider to the one that serves the upstream, or remove cloud_identity." : $"Set cloud_identity to {accepted}, or correct provider.");
        }

        foreach (var source in new[] { "api_key", "api_key_env", "api_key_file", "api_key_command" })
        {
            if (draft.Origins.ContainsKey(prefix + source))
            {
                draft.Refuse(prefix + "cloud_identity", $"The upstream {ConfigNode.Quote(name)[1..^1]} has a key ({source}) as well.", null, "Remove one of the two.");
                return;
            }
        }
    }

    private static ConfigOrigin OriginOf(Draft draft, string name) => draft.Named.TryGetValue(name, out var named) ? named : draft.OriginOf($"upstreams.{name}.provider");

    private static string Lower(CloudIdentity identity) => identity.ToString().ToLowerInvariant();

    private static string Name(UpstreamConfig upstream) => upstream.Provider switch
    {
        Provider.ClaudeOnAws => "claude-on-aws",
        Provider.BedrockMessages => "bedrock-messages",
        Provider.ClaudeOnGoogleCloud => "claude-on-google-cloud",
        var other => other.ToString().ToLowerInvariant(),
    };
}
