using Tuppence.Upstreams.Credentials.Cloud;

namespace Tuppence.Upstreams.Credentials.Aws;

/// <summary>The shared files of AWS's programs, <c>~/.aws/config</c> and <c>~/.aws/credentials</c>, as sections of name and value.</summary>
/// <remarks>Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html (2026).</remarks>
internal sealed class AwsProfiles
{
    private readonly Dictionary<string, Dictionary<string, string>> sections = new(StringComparer.Ordinal);

    /// <summary>Reads both files; what is missing is empty. Throws <see cref="IOException"/> where one cannot be read.</summary>
    public static AwsProfiles Read(CloudEnvironment environment)
    {
        var profiles = new AwsProfiles();
        profiles.Add(environment["AWS_CONFIG_FILE"] ?? Default(environment, "config"), isConfig: true);
        profiles.Add(environment["AWS_SHARED_CREDENTIALS_FILE"] ?? Default(environment, "credentials"), isConfig: false);
        return profiles;
    }

    /// <summary>A profile's values, or null where there is no such profile.</summary>
    public IReadOnlyDictionary<string, string>? this[string profile] => sections.GetValueOrDefault(profile);

    private static string? Default(CloudEnvironment environment, string file) =>
        environment.HomeDirectory is { } home ? Path.Combine(home, ".aws", file) : null;

    private void Add(string? path, bool isConfig)
    {
        if (path is null || !File.Exists(path))
        {
            return;
        }

        Dictionary<string, string>? section = null;
        foreach (var raw in File.ReadLines(path))
        {
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (line[0] == '[')
            {
                section = SectionOf(line, isConfig);
                continue;
            }

            var at = line.IndexOf('=', StringComparison.Ordinal);
            // Indented lines are settings inside a setting, of no interest here.
            if (section is not null && at > 0 && !char.IsWhiteSpace(raw[0]))
            {
                section[line[..at].Trim().ToLowerInvariant()] = WithoutComment(line[(at + 1)..]).Trim();
            }
        }
    }

    // In the config file a profile is called [profile NAME], but for the default one; in the credentials file [NAME].
    private Dictionary<string, string>? SectionOf(string line, bool isConfig)
    {
        var name = line.Trim('[', ']', ' ', '\t').Trim();
        if (isConfig && name != "default")
        {
            if (!name.StartsWith("profile", StringComparison.Ordinal) || name.Length < 9 || !char.IsWhiteSpace(name[7]))
            {
                return null;
            }

            name = name[8..].Trim().Trim('"', '\'');
        }

        if (!sections.TryGetValue(name, out var section))
        {
            sections[name] = section = new Dictionary<string, string>(StringComparer.Ordinal);
        }

        return section;
    }

    private static string WithoutComment(string value)
    {
        var at = value.IndexOf(" #", StringComparison.Ordinal);
        return at < 0 ? value : value[..at];
    }
}
