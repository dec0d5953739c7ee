using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Loading;

/// <summary>A configuration while its layers are put on it.</summary>
internal sealed class Draft
{
    /// <summary>Values outside upstreams.</summary>
    public GatewayConfig Config { get; set; } = new();

    /// <summary>Upstreams by name; the built-in ones are there from the start.</summary>
    public Dictionary<string, UpstreamConfig> Upstreams { get; } = new(StringComparer.Ordinal)
    {
        ["anthropic"] = new UpstreamConfig { Url = UpstreamConfig.AnthropicUrl },
        ["emulator"] = new UpstreamConfig(),
    };

    /// <summary>Where each upstream that is not built in is first named.</summary>
    public Dictionary<string, ConfigOrigin> Named { get; } = new(StringComparer.Ordinal);

    /// <summary>Origin of each value that is not built in.</summary>
    public Dictionary<string, ConfigOrigin> Origins { get; } = new(StringComparer.Ordinal);

    /// <summary>What is wrong.</summary>
    public List<ConfigError> Errors { get; } = [];

    /// <summary>What should be looked at.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Puts one value on; where it is wrong, an error is added and the value below stays.</summary>
    public void Apply(Assignment assignment)
    {
        var (key, _, value) = assignment;
        var before = Errors.Count;
        if (SettingIndex.Gateway(key) is { } setting)
        {
            Config = setting.Read(Config, key, value, Errors);
        }
        else if (SettingIndex.Upstream(key, out var name) is { } inside)
        {
            Name(name, assignment.Named);
            Upstreams[name] = inside.Read(Upstreams[name], key, value, Errors);
        }

        if (Errors.Count == before && value.Kind != NodeKind.Null)
        {
            Origins[key] = value.Origin;
        }
    }

    /// <summary>Makes an upstream known.</summary>
    public void Name(string upstream, ConfigOrigin origin)
    {
        Named.TryAdd(upstream, origin);
        Upstreams.TryAdd(upstream, new UpstreamConfig());
    }

    /// <summary>Where a value comes from.</summary>
    public ConfigOrigin OriginOf(string key) => Origins.TryGetValue(key, out var origin) ? origin : ConfigOrigin.BuiltIn;

    /// <summary>Whether a value is already known to be wrong, so that nothing is built on it.</summary>
    public bool IsWrong(string key) => Errors.Exists(error => error.Key == key || error.Key.StartsWith(key + "[", StringComparison.Ordinal));

    /// <summary>Adds an error about a value.</summary>
    public void Refuse(string key, string problem, string? accepted, string remedy) => Errors.Add(new ConfigError(OriginOf(key), key, problem, accepted, remedy));
}
