namespace Tuppence.Configuration.Loading;

/// <summary>A configuration that passed every check, and what a person may want to know about it.</summary>
public sealed record LoadedConfiguration
{
    /// <summary>The effective values: upstreams complete, keys from variables filled in, paths full.</summary>
    public required GatewayConfig Config { get; init; }

    /// <summary>Origin of each value that is not built in, by key path such as <c>upstreams.anthropic.api_key</c>.</summary>
    public required IReadOnlyDictionary<string, ConfigOrigin> Origins { get; init; }

    /// <summary>What should be looked at but stops nothing, as sentences without secrets.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Full path of the configuration file, or null where there is none.</summary>
    public string? File { get; init; }

    /// <summary>Folder that relative paths of the configuration start from: the file's, else the working directory.</summary>
    public required string BaseDirectory { get; init; }

    /// <summary>Whether the process runs inside a container.</summary>
    public bool InContainer { get; init; }

    /// <summary>Where a value comes from.</summary>
    public ConfigOrigin OriginOf(string key) => Origins.TryGetValue(key, out var origin) ? origin : ConfigOrigin.BuiltIn;
}
