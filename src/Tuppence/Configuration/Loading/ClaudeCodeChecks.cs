using Tuppence.Configuration.Layers;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Configuration.Loading;

/// <summary>
/// The upstream <c>claude-code</c>: there only where it was asked for, and then on this machine alone, for one person, and only for requests
/// that are meant for it. What counts as one person is in docs/decisions/0025-claude-code-upstream.md.
/// </summary>
internal static class ClaudeCodeChecks
{
    private const string Name = ClaudeCodeConfig.Upstream;
    private const string Prefix = "upstreams." + Name + ".";

    // What an entry of that name can say; the rest belongs to upstreams that have an address and a credential.
    private static readonly string[] Members = ["model_aliases", "filter_sampling_params", "drop_betas"];

    /// <summary>Makes the upstream known where it is on.</summary>
    public static void AddUpstream(Draft draft, Surroundings surroundings)
    {
        if (draft.Config.ClaudeCode.Enabled)
        {
            draft.Config = draft.Config with { ClaudeCode = draft.Config.ClaudeCode with { Environment = surroundings.Variables } };
            draft.Name(Name, draft.OriginOf("claude_code.enabled"));
        }
    }

    /// <summary>Refuses what would make it anything but one person's own.</summary>
    public static void Check(Draft draft)
    {
        if (!draft.Config.ClaudeCode.Enabled)
        {
            return;
        }

        Listening(draft);
        Persons(draft);
        Entry(draft);
        Fallbacks(draft);
    }

    /// <summary>What to do where it is named and is not there.</summary>
    public static string? HintFor(Draft draft, string name) => name == Name && !draft.Config.ClaudeCode.Enabled
        ? "Set claude_code.enabled to true to have it; docs/guide/claude-code-upstream.md says what that means."
        : null;

    private static void Listening(Draft draft)
    {
        var config = draft.Config;
        if (!draft.IsWrong("host") && !AddressRules.IsLoopback(config.Host))
        {
            var where = draft.OriginOf("host").Kind == OriginKind.Container ? " (the default inside a container)" : "";
            draft.Refuse(
                "host",
                $"With claude_code.enabled, listening on {config.Host}{where} would let other machines use your Claude Code sign-in.",
                "a loopback address",
                "Set host to 127.0.0.1, or claude_code.enabled to false.");
        }

        OnlyLoopback(draft, "allowed_hosts", config.AllowedHosts, static name => name);
        OnlyLoopback(draft, "allowed_origins", config.AllowedOrigins, HostOf);
        OnlyLoopback(draft, "public_url", config.PublicUrl is { } url ? [url] : [], HostOf);
    }

    private static void OnlyLoopback(Draft draft, string key, IReadOnlyList<string> values, Func<string, string> host)
    {
        if (!draft.IsWrong(key) && values.FirstOrDefault(value => !AddressRules.IsLoopback(host(value).Trim('[', ']'))) is { } foreign)
        {
            draft.Refuse(
                key,
                $"With claude_code.enabled the gateway serves this machine alone, but {ConfigNode.Quote(foreign)} is elsewhere.",
                "names of this machine's own loopback",
                $"Remove it from {key}, or set claude_code.enabled to false.");
        }
    }

    private static void Persons(Draft draft)
    {
        var config = draft.Config;
        var (key, count) = config.GatewayKeys.Count > 1 ? ("gateway_keys", config.GatewayKeys.Count) : ("gateway_key_names", config.GatewayKeyNames.Count);
        if (count > 1 && !draft.IsWrong(key))
        {
            draft.Refuse(
                key,
                $"With claude_code.enabled the gateway serves one person, but there are {count} {(key == "gateway_keys" ? "gateway keys" : "names of gateway keys")}: a Claude Code sign-in is for its owner alone.",
                "one at most",
                "Leave one, or set claude_code.enabled to false.");
        }
    }

    private static void Entry(Draft draft)
    {
        foreach (var (key, origin) in draft.Origins.Where(static pair => pair.Key.StartsWith(Prefix, StringComparison.Ordinal) && !Members.Contains(pair.Key[Prefix.Length..], StringComparer.Ordinal)).ToList())
        {
            draft.Errors.Add(new ConfigError(
                origin,
                key,
                "The upstream claude-code is a program on this machine and does without this option.",
                "of the options of an upstream: " + string.Join(", ", Members),
                "Remove it; options of the program are in the group claude_code. For another service, choose another name."));
        }
    }

    /// <summary>A request that was meant for another upstream must not come here by itself.</summary>
    private static void Fallbacks(Draft draft)
    {
        var fallback = draft.IsWrong("fallback") ? -1 : draft.Config.Fallback.ToList().IndexOf(Name);
        if (fallback >= 0)
        {
            Refuse(draft, "fallback", $"[{fallback}]");
        }

        for (var i = 0; i < (draft.IsWrong("routes") ? 0 : draft.Config.Routes.Count); i++)
        {
            if (draft.Config.Routes[i].Upstreams.ToList().IndexOf(Name) is > 0 and var place)
            {
                Refuse(draft, "routes", $"[{i}].upstreams[{place}]");
            }
        }
    }

    private static void Refuse(Draft draft, string key, string member) => draft.Errors.Add(new ConfigError(
        draft.OriginOf(key),
        key + member,
        "Here the upstream claude-code would take over requests that were meant for another upstream. It answers only what is sent to it by name.",
        null,
        "Remove it here; name it as upstream, first in a rule of routes, in a preset, or in the header x-tuppence-upstream."));

    private static string HostOf(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var url) ? url.Host : origin;
}
