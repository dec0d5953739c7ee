namespace Tuppence.Upstreams.Credentials.Cloud;

/// <summary>What a cloud's chain may look at on this machine: the variables of that cloud, and the user's own directory. Read by the configuration.</summary>
/// <param name="Variables">Variables by name; an empty one counts as unset.</param>
/// <param name="HomeDirectory">The user's directory, or null.</param>
public sealed record CloudEnvironment(IReadOnlyDictionary<string, string> Variables, string? HomeDirectory = null)
{
    private static readonly string[] Prefixes = ["AWS_", "GOOGLE_", "GCE_", "CLOUDSDK_", "AZURE_", "IDENTITY_", "MSI_"];

    /// <summary>Nothing at all.</summary>
    public static CloudEnvironment Empty { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>Value of a variable, or null where it is unset or empty.</summary>
    public string? this[string variable] => Variables.TryGetValue(variable, out var value) && value.Trim().Length > 0 ? value.Trim() : null;

    /// <summary>Whether a chain may want the variable; all others are none of its business.</summary>
    public static bool Wants(string variable) =>
        variable == "PATH" || Array.Exists(Prefixes, prefix => variable.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Full path of a program on <c>PATH</c>, or null.</summary>
    public string? FindProgram(string name)
    {
        foreach (var directory in (this["PATH"] ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var file in OperatingSystem.IsWindows() ? [name + ".exe", name + ".cmd"] : new[] { name })
            {
                var path = Path.Combine(directory, file);
                if (Path.IsPathFullyQualified(path) && File.Exists(path))
                {
                    return path;
                }
            }
        }

        return null;
    }
}
