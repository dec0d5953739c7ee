using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Layers;
using Tuppence.Configuration.Rules;

namespace Tuppence.Configuration.Loading;

/// <summary>The assignments in environment variables: <c>TUPPENCE_</c> and the key path with <c>_</c> for each dot.</summary>
internal static class EnvironmentLayer
{
    private const string Prefix = "TUPPENCE_";
    private const string UpstreamPrefix = "TUPPENCE_UPSTREAMS_";

    /// <summary>Reads them; names that mean nothing add a warning, for other programs may use the prefix.</summary>
    /// <param name="surroundings">Where the variables are.</param>
    /// <param name="known">Names of upstreams that the file and the program know.</param>
    /// <param name="assignments">Gains the assignments.</param>
    /// <param name="warnings">Gains the warnings.</param>
    public static void Read(Surroundings surroundings, IReadOnlyCollection<string> known, List<Assignment> assignments, List<string> warnings)
    {
        foreach (var (variable, value) in surroundings.Variables)
        {
            // An empty variable is how compose files say "not set".
            if (!variable.StartsWith(Prefix, StringComparison.Ordinal) || value.Length == 0 || variable == "TUPPENCE_CONFIG")
            {
                continue;
            }

            if (IsServiceLink(variable, value))
            {
                if (variable == "TUPPENCE_PORT")
                {
                    warnings.Add("TUPPENCE_PORT was set by Kubernetes for a service named tuppence and is ignored; set enableServiceLinks: false in the pod.");
                }

                continue;
            }

            if (KeyOf(variable, known) is not { } key)
            {
                var near = Nearest.To(variable[Prefix.Length..], GatewaySettings.All.Select(s => s.Variable));
                warnings.Add($"{variable} is not an option and is ignored{(near is null ? "." : $"; did you mean {Prefix}{near}?")}");
                continue;
            }

            var origin = new ConfigOrigin(OriginKind.Environment, variable);
            assignments.Add(new Assignment(key, origin, ConfigNode.Bare(value, origin)));
        }
    }

    // https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
    private static bool IsServiceLink(string variable, string value) =>
        variable.StartsWith("TUPPENCE_SERVICE_", StringComparison.Ordinal) ||
        variable.StartsWith("TUPPENCE_PORT_", StringComparison.Ordinal) ||
        (variable == "TUPPENCE_PORT" && value.StartsWith("tcp://", StringComparison.Ordinal));

    private static string? KeyOf(string variable, IReadOnlyCollection<string> known)
    {
        if (!variable.StartsWith(UpstreamPrefix, StringComparison.Ordinal))
        {
            var rest = variable.AsSpan(Prefix.Length);
            foreach (var setting in GatewaySettings.All)
            {
                if (rest.SequenceEqual(setting.Variable))
                {
                    return setting.Key;
                }
            }

            return null;
        }

        var inside = variable[UpstreamPrefix.Length..];
        var best = UpstreamSettings.All
            .Where(setting => inside.EndsWith("_" + setting.Variable, StringComparison.Ordinal) && inside.Length > setting.Variable.Length + 1)
            .MaxBy(setting => setting.Variable.Length);
        if (best is null)
        {
            return null;
        }

        var spelled = inside[..^(best.Variable.Length + 1)];
        var name = known.FirstOrDefault(one => one.Replace('-', '_').Equals(spelled, StringComparison.OrdinalIgnoreCase))
            ?? spelled.ToLowerInvariant().Replace('_', '-');
        return NameRules.Upstream(name) is null ? $"upstreams.{name}.{best.Key}" : null;
    }
}
