using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Loading;

/// <summary>
/// Puts the layers on each other: 1. built in, 2. file, 3. environment, 4. flags; then 5. completes what depends on several values,
/// 6. keeps what a running gateway cannot change, and 7. checks the whole.
/// </summary>
internal sealed class ConfigurationLoader(Surroundings surroundings, IReadOnlyList<FlagSetting> flags, string? configFlag)
{
    /// <summary>Reads everything anew. <paramref name="running"/> is what runs already, or null at start; <paramref name="listens"/> is false where nothing is going to listen.</summary>
    public LoadResult Load(LoadedConfiguration? running, bool listens = true) => Load(ConfigFile.Find(surroundings, configFlag), running, listens);

    /// <summary>What would be loaded if the file held <paramref name="candidate"/>; null: as it is on disk.</summary>
    public LoadResult Try(byte[]? candidate)
    {
        var file = candidate is null ? ConfigFile.Find(surroundings, configFlag) : ConfigFile.ToWrite(surroundings, configFlag).With(candidate);
        return Load(file, running: null, listens: true);
    }

    /// <summary>Full path of the file, or of the one that a change would make.</summary>
    public string FileToWrite => ConfigFile.ToWrite(surroundings, configFlag).Path;

    private LoadResult Load(ConfigFile? file, LoadedConfiguration? running, bool listens) // 2
    {
        var draft = new Draft(); // 1
        var assignments = new List<Assignment>();

        var readable = file?.TryRead(assignments, draft.Errors) ?? true;
        var directory = file is null ? surroundings.WorkingDirectory : Path.GetDirectoryName(file.Path)!;
        if (file is not null && readable)
        {
            WarnOfOpenFile(file, assignments, draft);
        }

        EnvironmentLayer.Read(surroundings, KnownUpstreams(draft, assignments), assignments, draft.Warnings); // 3
        FlagLayer.Read(flags, assignments, draft.Errors, draft.Warnings); // 4
        foreach (var (name, origin) in file?.Upstreams ?? [])
        {
            draft.Name(name, origin);
        }

        foreach (var assignment in assignments)
        {
            draft.Apply(assignment);
        }

        ClaudeCodeChecks.AddUpstream(draft, surroundings);
        UseContainerHost(draft);
        KeySources.Settle(draft, surroundings, directory); // 5
        ProviderVariables.Apply(draft, surroundings);
        SignInSources.Settle(draft, surroundings, directory);
        NameUpstreamOfUrl(draft);
        ProxyVariables.Apply(draft, surroundings);
        UseFullPaths(draft, directory);
        if (running is not null)
        {
            KeepWhatNeedsRestart(draft, running); // 6
        }

        if (readable) // 7
        {
            if (listens)
            {
                Checks.Exposure(draft);
                ClaudeCodeChecks.Check(draft);
            }

            Checks.Upstreams(draft);
            ProviderChecks.Check(draft);
            Checks.Routing(draft);
            Checks.Relations(draft);
            BudgetChecks.Check(draft);
            TelemetryChecks.Check(draft);
            SignInSources.Check(draft);
        }

        return draft.Errors.Count > 0 ? new LoadResult(null, InOrder(draft.Errors)) : new LoadResult(Finish(draft, file, directory), []);
    }

    private LoadedConfiguration Finish(Draft draft, ConfigFile? file, string directory) => new()
    {
        Config = draft.Config with { Upstreams = draft.Upstreams },
        Origins = draft.Origins,
        Warnings = draft.Warnings,
        File = file?.Path,
        BaseDirectory = directory,
        InContainer = surroundings.InContainer,
    };

    private static List<string> KnownUpstreams(Draft draft, List<Assignment> assignments)
    {
        var known = new List<string>(draft.Upstreams.Keys);
        foreach (var assignment in assignments)
        {
            if (SettingIndex.Upstream(assignment.Key, out var name) is not null && !known.Contains(name))
            {
                known.Add(name);
            }
        }

        return known;
    }

    // An image is useless on its own loopback, so it gets every address, and with it the demand for a key. A shell that merely
    // happens to run in a container (a development container, a CI job) is served on loopback as anywhere else.
    private void UseContainerHost(Draft draft)
    {
        if (!surroundings.InContainer || draft.Origins.ContainsKey("host") || draft.IsWrong("host"))
        {
            return;
        }

        if (draft.Config.GatewayKeys.Count > 0 || surroundings.ContainerIsDeclared)
        {
            draft.Config = draft.Config with { Host = "0.0.0.0" };
            draft.Origins["host"] = new ConfigOrigin(OriginKind.Container);
            return;
        }

        draft.Warnings.Add("This is a container, and without gateway_keys only it can reach the gateway; set TUPPENCE_GATEWAY_KEYS to listen on every address.");
    }

    // An upstream given as a URL gets an entry under that URL, so that the chosen upstream always is in the table.
    private static void NameUpstreamOfUrl(Draft draft)
    {
        if (draft.Config.Upstream is { } url && url.Contains(':', StringComparison.Ordinal))
        {
            draft.Upstreams[url] = new UpstreamConfig { Url = url };
            draft.Origins[$"upstreams.{url}.url"] = draft.OriginOf("upstream");
        }
    }

    private void UseFullPaths(Draft draft, string directory)
    {
        string Full(string key, string path) =>
            surroundings.FullPath(path, draft.OriginOf(key).Kind is OriginKind.Default or OriginKind.File ? directory : surroundings.WorkingDirectory);

        draft.Config = draft.Config with
        {
            PresetsDirectory = Full("presets_directory", draft.Config.PresetsDirectory),
            StateDirectory = Full("state_directory", draft.Config.StateDirectory),
            Ledger = draft.Config.Ledger.Directory is { } ledger ? draft.Config.Ledger with { Directory = Full("ledger_directory", ledger) } : draft.Config.Ledger,
            ClaudeCode = draft.Config.ClaudeCode.Program is { } program ? draft.Config.ClaudeCode with { Program = Full("claude_code.program", program) } : draft.Config.ClaudeCode,
            Cache = draft.Config.Cache.Record is { } record ? draft.Config.Cache with { Record = Full("cache.record", record) } : draft.Config.Cache,
        };
        foreach (var (name, upstream) in draft.Upstreams.ToList())
        {
            if (upstream.GoogleCredentialsFile is { } file)
            {
                draft.Upstreams[name] = upstream with { GoogleCredentialsFile = Full($"upstreams.{name}.google_credentials_file", file) };
            }
        }
    }

    private void WarnOfOpenFile(ConfigFile file, List<Assignment> assignments, Draft draft)
    {
        var holdsKey = assignments.Exists(a => a.Key is "gateway_keys" or "admin_key" || (a.Key == "routes" && HoldsKeys(a.Value)) || a.Key.EndsWith(".api_key", StringComparison.Ordinal));
        if (holdsKey && file.Candidate is null && !surroundings.InContainer && FileAccessRules.IsReadableByOthers(file.Path))
        {
            draft.Warnings.Add($"{file.Shown} holds a key and other users of this machine can read it; chmod 600 it.");
        }
    }

    private static bool HoldsKeys(ConfigNode routes) => routes.Items.Any(static rule => rule.Members.Any(static member => member.Name == "keys"));

    private static void KeepWhatNeedsRestart(Draft draft, LoadedConfiguration running)
    {
        foreach (var setting in GatewaySettings.All)
        {
            if (!setting.NeedsRestart || setting.Same(running.Config, draft.Config))
            {
                continue;
            }

            draft.Warnings.Add($"{setting.Key} needs a restart to become {setting.Show(draft.Config)}; it stays {setting.Show(running.Config)} ({draft.OriginOf(setting.Key)}).");
            draft.Config = setting.Carry(running.Config, draft.Config);
            draft.Origins.Remove(setting.Key);
            if (running.Origins.TryGetValue(setting.Key, out var origin))
            {
                draft.Origins[setting.Key] = origin;
            }
        }
    }

    private static List<ConfigError> InOrder(List<ConfigError> errors) =>
        [.. errors.OrderBy(e => e.Origin.Kind).ThenBy(e => e.Origin.Line).ThenBy(e => e.Origin.Column).ThenBy(e => e.Origin.Name, StringComparer.Ordinal)];
}
