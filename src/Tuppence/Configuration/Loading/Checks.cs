using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Layers;
using Tuppence.Configuration.Rules;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Configuration.Loading;

/// <summary>What can be judged only when all values are known.</summary>
internal static class Checks
{
    /// <summary>Refuses to listen beyond loopback without a key. A reload repeats it on what will really run.</summary>
    public static void Exposure(Draft draft)
    {
        var config = draft.Config;
        if (AddressRules.IsLoopback(config.Host) || config.GatewayKeys.Count > 0 || draft.IsWrong("gateway_keys"))
        {
            return;
        }

        var origin = draft.OriginOf("host");
        var where = origin.Kind == OriginKind.Container ? " (the default inside a container)" : "";
        draft.Refuse(
            "host",
            $"Listening on {config.Host}{where} lets other machines spend your credit, and no gateway key is configured.",
            null,
            "Set gateway_keys or TUPPENCE_GATEWAY_KEYS to a long random value (openssl rand -hex 24 prints one), or set host to 127.0.0.1.");
    }

    /// <summary>Upstreams have a URL, the chosen one exists, none is the gateway itself.</summary>
    public static void Upstreams(Draft draft)
    {
        foreach (var (name, upstream) in draft.Upstreams)
        {
            var prefix = $"upstreams.{name}.";
            if (upstream.Url is null && upstream.Provider == Provider.Messages && !IsBuiltIn(draft, name) && !draft.IsWrong(prefix + "url"))
            {
                draft.Errors.Add(new ConfigError(draft.Named.GetValueOrDefault(name), prefix + "url", "The upstream has no url.", UrlRules.UpstreamAccepted, ClaudeCodeChecks.HintFor(draft, name) ?? Hint(name)));
            }

            if (upstream.Url is not null && name == "emulator")
            {
                draft.Refuse(prefix + "url", "The emulator is built in and has no address.", null, "Remove url, or give the upstream another name.");
            }

            CheckLoop(draft, prefix + "url", upstream.Url);
        }

        if (draft.Config.Upstream is not { } chosen || draft.IsWrong("upstream"))
        {
            return;
        }

        if (chosen.Contains(':', StringComparison.Ordinal))
        {
            CheckLoop(draft, "upstream", chosen);
        }
        else if (!draft.Upstreams.ContainsKey(chosen))
        {
            draft.Refuse(
                "upstream",
                $"There is no upstream named {ConfigNode.Quote(chosen)}.",
                "a URL, or one of " + string.Join(", ", draft.Upstreams.Keys.Order(StringComparer.Ordinal)),
                ClaudeCodeChecks.HintFor(draft, chosen) ?? (Nearest.To(chosen, draft.Upstreams.Keys) is { } near ? $"Did you mean {near}?" : "Name one that exists, or add it under upstreams."));
        }
    }

    /// <summary>Rules and fallbacks name upstreams that exist, and gateway keys that are some.</summary>
    public static void Routing(Draft draft)
    {
        if (!draft.IsWrong("fallback"))
        {
            Exist(draft, "fallback", "", draft.Config.Fallback);
        }

        if (draft.IsWrong("routes"))
        {
            return;
        }

        for (var i = 0; i < draft.Config.Routes.Count; i++)
        {
            Exist(draft, "routes", $"[{i}].upstreams", draft.Config.Routes[i].Upstreams);
            if (!draft.IsWrong("gateway_keys") && draft.Config.Routes[i].Keys.Any(key => !draft.Config.GatewayKeys.Contains(key)))
            {
                draft.Errors.Add(new ConfigError(
                    draft.OriginOf("routes"),
                    $"routes[{i}].keys",
                    "The rule names a key that is none of gateway_keys, so no request can carry it.",
                    "keys of gateway_keys",
                    "Add the key to gateway_keys, or take it out of the rule."));
            }
        }
    }

    private static void Exist(Draft draft, string key, string member, IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (!draft.Upstreams.ContainsKey(names[i]))
            {
                draft.Errors.Add(new ConfigError(
                    draft.OriginOf(key),
                    $"{key}{member}[{i}]",
                    $"There is no upstream named {ConfigNode.Quote(names[i])}.",
                    "one of " + string.Join(", ", draft.Upstreams.Keys.Order(StringComparer.Ordinal)),
                    ClaudeCodeChecks.HintFor(draft, names[i])
                        ?? (Nearest.To(names[i], draft.Upstreams.Keys) is { } near ? $"Did you mean {near}?" : "Name one that exists, or add it under upstreams.")));
            }
        }
    }

    /// <summary>Values that must fit each other.</summary>
    public static void Relations(Draft draft)
    {
        var retry = draft.Config.Retry;
        if (retry.BaseDelay > retry.MaxDelay && !draft.IsWrong("retry.base_delay_seconds") && !draft.IsWrong("retry.max_delay_seconds"))
        {
            var key = draft.Origins.ContainsKey("retry.base_delay_seconds") ? "retry.base_delay_seconds" : "retry.max_delay_seconds";
            draft.Refuse(
                key,
                $"The first wait ({retry.BaseDelay.TotalSeconds} s) is longer than the longest wait ({retry.MaxDelay.TotalSeconds} s).",
                "base_delay_seconds at most max_delay_seconds",
                "Lower base_delay_seconds or raise max_delay_seconds.");
        }

        if (draft.Config.GatewayKeys.Any(key => key.Reveal().Length < 16))
        {
            draft.Warnings.Add("A gateway key is shorter than 16 characters and can be guessed; openssl rand -hex 24 prints a good one.");
        }
    }

    private static bool IsBuiltIn(Draft draft, string name) => name == "emulator" || (name == ClaudeCodeConfig.Upstream && draft.Config.ClaudeCode.Enabled);

    private static string Hint(string name) => Nearest.To(name, ["anthropic", "emulator"]) is { } near
        ? $"Add url; or did you mean the built-in upstream {near}?"
        : "Add url, such as \"https://llm.example\".";

    private static void CheckLoop(Draft draft, string key, string? url)
    {
        if (draft.Config.Port != 0 && Uri.TryCreate(url, UriKind.Absolute, out var target) && target.Port == draft.Config.Port && AddressRules.IsLoopback(target.Host))
        {
            draft.Refuse(key, "The URL is the gateway's own address, so requests would go in circles.", null, "Write the URL of the upstream, or move the gateway to another port.");
        }
    }
}
