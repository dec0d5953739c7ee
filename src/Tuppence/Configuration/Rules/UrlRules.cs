using System.Buffers;
using Tuppence.Configuration.Catalogue;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Configuration.Rules;

/// <summary>What a base URL of an upstream, and of a proxy, may look like. No message repeats the URL: it may hold a password.</summary>
internal static class UrlRules
{
    /// <summary>Words for what <see cref="Upstream"/> accepts.</summary>
    public const string UpstreamAccepted = "an https URL, or an http URL on loopback, without user name, query and fragment";

    /// <summary>Words for what <see cref="Proxy"/> accepts.</summary>
    public const string ProxyAccepted = "an http URL of a proxy, such as http://127.0.0.1:3128, or none";

    private static readonly SearchValues<char> NeverInUrls = SearchValues.Create(" \t\r\n\\\"");

    /// <summary>https, or http on loopback; no credentials, query or fragment; no link-local or metadata address.</summary>
    public static Refusal? Upstream(string text)
    {
        if (Parse(text, "https://api.anthropic.com", out var url) is { } malformed)
        {
            return malformed;
        }

        if (url.UserInfo.Length > 0)
        {
            return new Refusal("The URL holds a user name or password.", "Remove it, and give the key as api_key_env, api_key_file or api_key_command.");
        }

        if (url.Query.Length > 0 || text.Contains('?', StringComparison.Ordinal))
        {
            return new Refusal("The URL has a query.", "Remove everything from the ? on.");
        }

        if (url.Fragment.Length > 0 || text.Contains('#', StringComparison.Ordinal))
        {
            return new Refusal("The URL has a fragment.", "Remove everything from the # on.");
        }

        if (AddressRules.IsForbidden(url.Host))
        {
            return new Refusal(
                "The URL points at a link-local, unspecified, multicast or cloud metadata address, where no key may go.",
                "Write the host name or address of the upstream itself.");
        }

        return url.Scheme == Uri.UriSchemeHttp && !AddressRules.IsLoopback(url.Host)
            ? new Refusal("Plain http would send keys and prompts readable over the network.", "Write https://, or reach the upstream through a tunnel on 127.0.0.1.")
            : null;
    }

    /// <summary>http or https; no credentials, query or fragment. What goes there holds no key and no prompt.</summary>
    public static Refusal? Receiver(string text) =>
        Parse(text, "http://127.0.0.1:4318", out var url) is { } malformed ? malformed
        : url.UserInfo.Length > 0 ? new Refusal("The URL holds a user name or password.", "Remove it, and give what the receiver asks for as telemetry.otlp_headers.")
        : text.AsSpan().ContainsAny('?', '#') ? new Refusal("The URL has a query or a fragment.", "Remove everything from the ? or # on.")
        : null;

    /// <summary>An http URL without path; a user name and password are allowed, as proxies ask for them.</summary>
    public static Refusal? Proxy(string text)
    {
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (Parse(text, "http://127.0.0.1:3128", out var url) is { } malformed)
        {
            return malformed;
        }

        if (url.Scheme != Uri.UriSchemeHttp)
        {
            return new Refusal("The proxy itself is spoken to with http; what passes through it stays encrypted.", "Write http:// and the proxy's host and port.");
        }

        return url.PathAndQuery is not "/" || url.Fragment.Length > 0
            ? new Refusal("A proxy URL has no path.", "Write only scheme, host and port.")
            : null;
    }

    private static Refusal? Parse(string text, string example, out Uri url)
    {
        var parsed = Uri.TryCreate(text, UriKind.Absolute, out var found);
        url = found!;
        if (!parsed || text.AsSpan().ContainsAny(NeverInUrls))
        {
            return new Refusal("This is not a URL.", $"Write it in full, such as {example}");
        }

        return url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps || url.Host.Length == 0
            ? new Refusal("The URL starts with neither https:// nor http://.", $"Write it in full, such as {example}")
            : null;
    }
}
