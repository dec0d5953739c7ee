using System.Collections;

namespace Tuppence.Configuration;

/// <summary>What configuration reads from outside its file: the environment, the working directory, the container. Injected, so that tests set it.</summary>
public sealed record Surroundings
{
    /// <summary>Environment variables; names compare as the platform compares them.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Directory that relative paths of flags and variables start from, and where <c>tuppence.json</c> is looked for first.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The user's own directory, for paths that start with <c>~/</c>; null where there is none.</summary>
    public string? HomeDirectory { get; init; }

    /// <summary>The user's configuration directory (XDG Base Directory Specification, or the platform's); null where there is none.</summary>
    public string? UserConfigDirectory { get; init; }

    /// <summary>Whether the process runs inside a container.</summary>
    public bool InContainer { get; init; }

    /// <summary>Whether the image says so itself (<c>DOTNET_RUNNING_IN_CONTAINER</c>), and not only a mark that the engine left.</summary>
    public bool ContainerIsDeclared { get; init; }

    /// <summary>Value of a variable, or null where it is unset or empty.</summary>
    public string? this[string variable] => Variables.TryGetValue(variable, out var value) && value.Length > 0 ? value : null;

    /// <summary>Those of the running process.</summary>
    public static Surroundings OfProcess()
    {
        var variables = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
#pragma warning disable RS0030 // Configuration is the one place that reads the environment.
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        }
#pragma warning restore RS0030

        var said = variables.GetValueOrDefault("DOTNET_RUNNING_IN_CONTAINER");
        var (declared, denied) = (said is "true" or "1", said is "false" or "0");

        // XDG Base Directory Specification: relative paths in the variable are ignored.
        var xdg = variables.GetValueOrDefault("XDG_CONFIG_HOME");
        var application = Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        return new Surroundings
        {
            Variables = variables,
            WorkingDirectory = Environment.CurrentDirectory,
            HomeDirectory = home.Length > 0 ? home : null,
            UserConfigDirectory = Path.IsPathFullyQualified(xdg ?? "") ? xdg : application.Length > 0 ? application : null,
            // A shell in a development container that has the user's display can say that it is none.
            InContainer = declared || !denied && (File.Exists("/.dockerenv") || File.Exists("/run/.containerenv")),
            ContainerIsDeclared = declared,
        };
    }

    /// <summary>A full path: <c>~/</c> is the user's directory, and what is relative starts from <paramref name="from"/>.</summary>
    public string FullPath(string path, string from) => path.StartsWith("~/", StringComparison.Ordinal) && HomeDirectory is not null
        ? Path.GetFullPath(path[2..], HomeDirectory)
        : Path.GetFullPath(path, from);
}
