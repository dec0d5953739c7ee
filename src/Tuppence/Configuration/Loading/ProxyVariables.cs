using System.Net;
using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Rules;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Configuration.Loading;

/// <summary>The customary variables <c>HTTPS_PROXY</c> and <c>NO_PROXY</c>, in upper or lower case, as defaults of each upstream's proxy.</summary>
internal static class ProxyVariables
{
    /// <summary>Gives every https upstream that says nothing of a proxy the one of the environment.</summary>
    public static void Apply(Draft draft, Surroundings surroundings)
    {
        var variable = surroundings["https_proxy"] is not null ? "https_proxy" : "HTTPS_PROXY";
        if (surroundings[variable]?.Trim() is not { Length: > 0 } text)
        {
            return;
        }

        var url = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (UrlRules.Proxy(url) is { } refusal)
        {
            draft.Warnings.Add($"{variable} is not used: {refusal.Problem} Requests go out directly; {char.ToLowerInvariant(refusal.Remedy![0])}{refusal.Remedy[1..]}");
            return;
        }

        var except = surroundings["no_proxy"] ?? surroundings["NO_PROXY"] ?? "";
        var setting = UpstreamSettings.All.First(s => s.Key == "proxy");
        var origin = new ConfigOrigin(OriginKind.Environment, variable);
        foreach (var (name, upstream) in draft.Upstreams.ToList())
        {
            var key = $"upstreams.{name}.proxy";
            if (draft.Origins.ContainsKey(key) || draft.IsWrong(key) || !Uri.TryCreate(ProviderUrl.Of(upstream), UriKind.Absolute, out var target) ||
                target.Scheme != Uri.UriSchemeHttps || IsExempt(target, except))
            {
                continue;
            }

            draft.Upstreams[name] = setting.Read(upstream, key, Layers.ConfigNode.Bare(url, origin), draft.Errors);
            draft.Origins[key] = origin;
        }
    }

    /// <summary>Whether a list such as <c>localhost,.lan,10.0.0.0/8</c> names the host; loopback always is exempt.</summary>
    public static bool IsExempt(Uri target, string list)
    {
        var host = target.Host.Trim('[', ']');
        if (AddressRules.IsLoopback(host))
        {
            return true;
        }

        var isAddress = IPAddress.TryParse(host, out var address);
        foreach (var entry in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry == "*" || (isAddress && IPNetwork.TryParse(entry, out var network) && network.Contains(address!)))
            {
                return true;
            }

            var colon = entry.LastIndexOf(':');
            var hasPort = colon > 0 && int.TryParse(entry.AsSpan(colon + 1), out var port) && entry.IndexOf(':', StringComparison.Ordinal) == colon;
            if (hasPort && int.Parse(entry.AsSpan(colon + 1)) != target.Port)
            {
                continue;
            }

            var name = (hasPort ? entry[..colon] : entry).TrimStart('*').TrimStart('.');
            if (host.Equals(name, StringComparison.OrdinalIgnoreCase) || (!isAddress && host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }
}
