using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Layers;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Configuration.Loading;

/// <summary>Settles where each upstream's key comes from.</summary>
internal static class KeySources
{
    private static readonly string[] Names = ["api_key", "api_key_env", "api_key_file", "api_key_command"];

    /// <summary>Leaves one source an upstream, that of the strongest layer; reads variables, checks files.</summary>
    public static void Settle(Draft draft, Surroundings surroundings, string fileDirectory)
    {
        foreach (var name in draft.Upstreams.Keys.ToList())
        {
            var prefix = $"upstreams.{name}.";
            KeepStrongest(draft, name, prefix);
            ReadVariable(draft, surroundings, name, prefix);
            CheckFile(draft, surroundings, fileDirectory, name, prefix);
        }

        UseAnthropicVariable(draft, surroundings);
    }

    private static void KeepStrongest(Draft draft, string name, string prefix)
    {
        var given = Names.Where(source => draft.Origins.ContainsKey(prefix + source)).ToList();
        if (given.Count < 2)
        {
            return;
        }

        var strongest = given.Max(source => draft.OriginOf(prefix + source).Kind);
        var kept = given.Where(source => draft.OriginOf(prefix + source).Kind == strongest).ToList();
        foreach (var second in kept.Skip(1))
        {
            draft.Refuse(prefix + second, $"The key has two sources; the other is {kept[0]} at {draft.OriginOf(prefix + kept[0])}.", "one of " + string.Join(", ", Names), "Remove one of them.");
        }

        var nothing = new UpstreamConfig();
        foreach (var weaker in given.Except(kept, StringComparer.Ordinal))
        {
            var setting = UpstreamSettings.All.First(s => s.Key == weaker);
            draft.Upstreams[name] = setting.Carry(nothing, draft.Upstreams[name]);
            draft.Origins.Remove(prefix + weaker);
        }
    }

    private static void ReadVariable(Draft draft, Surroundings surroundings, string name, string prefix)
    {
        if (draft.Upstreams[name].ApiKeyEnv is not { } variable || draft.IsWrong(prefix + "api_key_env"))
        {
            return;
        }

        var origin = new ConfigOrigin(OriginKind.Environment, variable);
        switch (surroundings[variable]?.Trim())
        {
            case null:
                draft.Refuse(prefix + "api_key_env", $"The environment variable {ConfigNode.Quote(variable)[1..^1]} is not set.", null, "Set it before the gateway starts, or name another.");
                break;
            case var key when SecretFormat.IsKey(key):
                draft.Upstreams[name] = draft.Upstreams[name] with { ApiKey = new Secret(key) };
                draft.Origins[prefix + "api_key"] = origin;
                break;
            default:
                draft.Errors.Add(new ConfigError(origin, prefix + "api_key", "The variable does not hold a key.", new SecretFormat().Accepted, "Set it to the key alone."));
                break;
        }
    }

    private static void CheckFile(Draft draft, Surroundings surroundings, string fileDirectory, string name, string prefix)
    {
        if (draft.Upstreams[name].ApiKeyFile is not { } file)
        {
            return;
        }

        var setting = prefix + "api_key_file";
        var path = surroundings.FullPath(file, draft.OriginOf(setting).Kind == OriginKind.File ? fileDirectory : surroundings.WorkingDirectory);
        draft.Upstreams[name] = draft.Upstreams[name] with { ApiKeyFile = path };
        try
        {
            var text = File.ReadAllText(path).AsSpan().Trim();
            if (!SecretFormat.IsKey(text))
            {
                draft.Refuse(setting, text.IsEmpty ? $"The key file {path} is empty." : $"The key file {path} does not hold a key alone.", new SecretFormat().Accepted, "Write the key, and nothing else, into the file.");
            }
            else if (!surroundings.InContainer && FileAccessRules.IsReadableByOthers(path))
            {
                draft.Warnings.Add($"Other users of this machine can read the key file {path}; chmod 600 it.");
            }
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            draft.Refuse(setting, $"There is no key file {path}.", null, "Create the file, or correct the path.");
        }
        catch (Exception closed) when (closed is UnauthorizedAccessException or IOException)
        {
            draft.Refuse(setting, $"The key file {path} could not be read.", null, "Let the gateway's user read it.");
        }
    }

    // The well-known variable goes to Anthropic's own address alone: a key is bound to its origin.
    private static void UseAnthropicVariable(Draft draft, Surroundings surroundings)
    {
        const string Variable = "ANTHROPIC_API_KEY";
        var anthropic = draft.Upstreams["anthropic"];
        if (surroundings[Variable]?.Trim() is not { Length: > 0 } key || Names.Any(source => draft.Origins.ContainsKey("upstreams.anthropic." + source) || draft.IsWrong("upstreams.anthropic." + source)))
        {
            return;
        }

        var origin = new ConfigOrigin(OriginKind.Environment, Variable);
        if (anthropic.SignIn.Issuer is not null || anthropic.Federation.RuleId is not null)
        {
            draft.Warnings.Add("ANTHROPIC_API_KEY is not used, because a sign-in or a federation rule is configured for upstreams.anthropic.");
        }
        else if (anthropic.Url != UpstreamConfig.AnthropicUrl)
        {
            draft.Warnings.Add("ANTHROPIC_API_KEY is not used, because upstreams.anthropic.url is another address; set upstreams.anthropic.api_key_env to send it there.");
        }
        else if (!SecretFormat.IsKey(key))
        {
            draft.Errors.Add(new ConfigError(origin, "upstreams.anthropic.api_key", "The variable does not hold a key.", new SecretFormat().Accepted, "Set it to the key alone, or unset it."));
        }
        else
        {
            draft.Upstreams["anthropic"] = anthropic with { ApiKey = new Secret(key) };
            draft.Origins["upstreams.anthropic.api_key"] = origin;
        }
    }
}
