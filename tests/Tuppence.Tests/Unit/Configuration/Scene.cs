using Tuppence.Configuration;
using Tuppence.Configuration.Loading;

namespace Tuppence.Tests.Unit.Configuration;

/// <summary>A directory, an environment and flags of its own for one test.</summary>
internal sealed class Scene : IDisposable
{
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);
    private readonly List<FlagSetting> flags = [];
    private bool container;
    private bool declared;

    public Scene()
    {
        Directory.CreateDirectory(WorkingDirectory);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("tuppence-config-").FullName;

    public string WorkingDirectory => Path.Combine(Root, "work");

    public string UserConfigDirectory => Path.Combine(Root, "user");

    public string? ConfigFlag { get; set; }

    public Surroundings Surroundings => new()
    {
        Variables = variables,
        WorkingDirectory = WorkingDirectory,
        HomeDirectory = Path.Combine(Root, "home"),
        UserConfigDirectory = UserConfigDirectory,
        InContainer = container,
        ContainerIsDeclared = declared,
    };

    public Scene File(string content, string name = "tuppence.json")
    {
        var path = Path.Combine(WorkingDirectory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return this;
    }

    public Scene Variable(string name, string value)
    {
        variables[name] = value;
        return this;
    }

    public Scene Flag(string flag, string key, params string[] values)
    {
        flags.Add(new FlagSetting(flag, key, values));
        return this;
    }

    public Scene InContainer(bool declared = true)
    {
        container = true;
        this.declared = declared;
        return this;
    }

    public ConfigurationSource Source(TimeProvider? time = null) => new(Surroundings, flags, ConfigFlag, time ?? TimeProvider.System);

    public LoadResult Load() => Source().Load();

    public LoadedConfiguration Loaded()
    {
        var result = Load();
        Assert.True(result.Loaded is not null, string.Join('\n', result.Errors));
        return result.Loaded;
    }

    public ConfigError OnlyError() => Assert.Single(Load().Errors);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
