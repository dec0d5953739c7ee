namespace Tuppence.Configuration.Catalogue;

/// <summary>Finds settings by their key path.</summary>
internal static class SettingIndex
{
    private const string Prefix = "upstreams.";

    /// <summary>The setting outside upstreams that has this key, or null.</summary>
    public static Setting<GatewayConfig>? Gateway(string key)
    {
        foreach (var setting in GatewaySettings.All)
        {
            if (setting.Key == key)
            {
                return setting;
            }
        }

        return null;
    }

    /// <summary>The setting inside an upstream that has this key, and the upstream's name; or null.</summary>
    public static Setting<UpstreamConfig>? Upstream(string key, out string name)
    {
        name = "";
        if (!key.StartsWith(Prefix, StringComparison.Ordinal) || key.IndexOf('.', Prefix.Length) is var dot && dot < 0)
        {
            return null;
        }

        name = key[Prefix.Length..dot];
        var rest = key[(dot + 1)..];
        foreach (var setting in UpstreamSettings.All)
        {
            if (setting.Key == rest)
            {
                return setting;
            }
        }

        return null;
    }

    /// <summary>True for <c>retry</c> and the other names that only hold settings.</summary>
    public static bool IsGroup(string key) => GatewaySettings.All.Any(setting => IsIn(setting.Key, key));

    /// <summary>True for <c>sign_in</c> and the other names inside an upstream that only hold settings.</summary>
    public static bool IsUpstreamGroup(string key) => UpstreamSettings.All.Any(setting => IsIn(setting.Key, key));

    private static bool IsIn(string setting, string group) =>
        setting.Length > group.Length && setting[group.Length] == '.' && setting.StartsWith(group, StringComparison.Ordinal);

    /// <summary>What an unknown key was probably meant to be, as a full key path; or null.</summary>
    public static string? Suggest(string key)
    {
        if (key.StartsWith(Prefix, StringComparison.Ordinal) && key.IndexOf('.', Prefix.Length) is var dot && dot > 0)
        {
            var own = key[..(dot + 1)];
            return Near(key[(dot + 1)..], [.. UpstreamSettings.All.Select(s => s.Key)]) is { } near ? own + near : null;
        }

        return Near(key, [.. GatewaySettings.All.Select(s => s.Key), "upstreams", "retry", "breaker", "timeouts", "limits", "cache", "budgets", "telemetry", "claude_code", "emulator"]);
    }

    // First the whole path, then the last part under any group, then that part without its unit.
    private static string? Near(string key, string[] keys)
    {
        if (Nearest.To(key, keys) is { } near)
        {
            return near;
        }

        var last = Last(key);
        var byLast = Nearest.To(last, keys.Select(Last)) ?? Nearest.To(last, keys.Select(k => WithoutUnit(Last(k))));
        return byLast is null ? null : Array.Find(keys, k => Last(k) == byLast || WithoutUnit(Last(k)) == byLast);
    }

    private static string Last(string key) => key[(key.LastIndexOf('.') + 1)..];

    private static string WithoutUnit(string key) =>
        key.Replace("_seconds", "", StringComparison.Ordinal).Replace("_bytes", "", StringComparison.Ordinal);
}
