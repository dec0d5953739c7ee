using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Loading;

/// <summary>The assignments on the command line.</summary>
internal static class FlagLayer
{
    /// <summary>Reads them; <c>--set</c> may name a key that does not exist, which is an error.</summary>
    public static void Read(IReadOnlyList<FlagSetting> flags, List<Assignment> assignments, List<ConfigError> errors, List<string> warnings)
    {
        foreach (var flag in flags)
        {
            var origin = new ConfigOrigin(OriginKind.Flag, flag.Flag);
            if (SettingIndex.Gateway(flag.Key) is null && SettingIndex.Upstream(flag.Key, out _) is null)
            {
                var near = SettingIndex.Suggest(flag.Key);
                errors.Add(new ConfigError(origin, flag.Key, "There is no such option.", null, near is null ? "\"tuppence config\" lists the options." : $"Did you mean {near}?"));
                continue;
            }

            if (flag.Key is "gateway_keys" or "admin_key" || flag.Key.EndsWith(".api_key", StringComparison.Ordinal))
            {
                warnings.Add($"{flag.Flag} puts a key where every user of this machine can read it (the process list); prefer the environment or the file.");
            }

            var node = flag.Flag == "--set" || SettingIndex.Gateway(flag.Key) is { Repeatable: false }
                ? ConfigNode.Bare(flag.Values[0], origin)
                : new ConfigNode { Kind = NodeKind.Array, Origin = origin, Items = [.. flag.Values.Select(value => ConfigNode.Bare(value, origin))] };
            assignments.Add(new Assignment(flag.Key, origin, node));
        }
    }
}
