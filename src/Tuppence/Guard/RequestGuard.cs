using Tuppence.Configuration;
using Tuppence.Exchange;

namespace Tuppence.Guard;

/// <summary>
/// What every request must pass before anything else looks at it, in this order: one reading of its framing, our own Host, no foreign
/// web page, no upgrade, a content type that a page cannot send unasked, the gateway key.
/// </summary>
/// <remarks>Sources: RFC 9112 section 6.3 (framing), RFC 9110 section 7.4 (421), https://fetch.spec.whatwg.org (Origin, CORS), https://w3c.github.io/webappsec-fetch-metadata (Sec-Fetch-*).</remarks>
public sealed class RequestGuard(GatewayConfig config, GatewayKeys keys)
{
    private readonly HostRule hosts = new(config);
    private readonly HashSet<string> origins = new(config.AllowedOrigins, StringComparer.Ordinal);

    /// <summary>The reason to refuse, or null.</summary>
    public GatewayError? Check(HttpContext context, in Route route)
    {
        var request = context.Request;
        return CheckFraming(request)
            ?? CheckHost(request)
            ?? CheckOrigin(request, route)
            ?? CheckContentType(request, route)
            ?? CheckKey(request, route);
    }

    /// <summary>The request's origin where it is one that the user allowed, else null.</summary>
    public string? AllowedOrigin(HttpRequest request) =>
        origins.Count > 0 && request.Headers.Origin is [{ } origin] && origins.Contains(origin) ? origin : null;

    private static GatewayError? CheckFraming(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers.TransferEncoding.Count > 0)
        {
            if (headers.TransferEncoding is not [{ } coding] || !coding.Equals("chunked", StringComparison.OrdinalIgnoreCase))
            {
                return new GatewayError(ErrorKind.AmbiguousFraming, "Transfer-Encoding must be “chunked” and nothing else.");
            }

            // The server moves a Content-Length that stood beside a Transfer-Encoding here.
            if (headers.ContainsKey("X-Content-Length") || request.Protocol != "HTTP/1.1")
            {
                return new GatewayError(ErrorKind.AmbiguousFraming, "A request must not carry both Content-Length and Transfer-Encoding, nor a transfer coding before HTTP/1.1.");
            }
        }

        // TRACE would have the upstream send back what only it may see: the configured credential (RFC 9110 section 9.3.8).
        return headers.Upgrade.Count > 0 || HttpMethods.IsConnect(request.Method) || HttpMethods.IsTrace(request.Method)
            ? new GatewayError(ErrorKind.UpgradeRefused, "Tuppence serves plain HTTP/1.1 requests only; it does not switch protocols, open tunnels or trace.")
            : null;
    }

    private GatewayError? CheckHost(HttpRequest request) =>
        request.Headers.Host is [{ } host] && hosts.Allows(host)
            ? null
            : new GatewayError(
                ErrorKind.ForeignHost,
                $"This gateway is not known as “{Shown(request.Headers.Host)}”. Use http://127.0.0.1:{config.Port}, or add the name to allowed_hosts in its configuration.");

    private GatewayError? CheckOrigin(HttpRequest request, in Route route)
    {
        var headers = request.Headers;
        // Origins that may use the API may still not sign anybody in or out, nor see or change what the dashboard does.
        var allowed = route.IsOwnPagesOnly ? null : AllowedOrigin(request);
        if (headers.Origin.Count > 0 && !IsOwnOrigin(headers.Origin, headers.Host) && allowed is null)
        {
            return new GatewayError(
                ErrorKind.ForeignOrigin,
                $"A web page of {Shown(headers.Origin)} may not use this gateway. Where that is wanted, add exactly this origin to allowed_origins in its configuration.");
        }

        // A browser tells where a request comes from even where it sends no Origin (images, forms, navigations).
        if (headers.TryGetValue("Sec-Fetch-Site", out var site) && site is not ["same-origin" or "none"] && allowed is null && !IsPlainVisit(request, route))
        {
            return new GatewayError(ErrorKind.ForeignOrigin, "Another web page sent the browser here; Tuppence does not answer such requests.");
        }

        return null;
    }

    /// <summary>A person following a link to a page of ours harms nothing.</summary>
    private static bool IsPlainVisit(HttpRequest request, in Route route) =>
        route.Surface is Surface.FrontPage or Surface.Docs or Surface.Health or Surface.SignIn && HttpMethods.IsGet(request.Method)
        && request.Headers["Sec-Fetch-Mode"] is ["navigate"] && request.Headers["Sec-Fetch-Dest"] is ["document"];

    /// <summary>True where a page of our own sent the request: http and the <c>Host</c> that it names, or <c>public_url</c> under its own name.</summary>
    public bool IsOwnOrigin(string? origin, string? host) => origin is not null && (
        (origin.StartsWith("http://", StringComparison.Ordinal) && origin.AsSpan(7).Equals(host, StringComparison.OrdinalIgnoreCase))
        || (origin == config.PublicUrl && origin.AsSpan(origin.IndexOf("://", StringComparison.Ordinal) + 3).Equals(host, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Pages can send text/plain and form types anywhere without asking (CORS-safelisted): those have no business here.</summary>
    private static GatewayError? CheckContentType(HttpRequest request, in Route route)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return null;
        }

        var type = request.ContentType;
        if (route.IsMessages)
        {
            return IsJson(type) ? null : WrongType(type, "application/json");
        }

        if (route.Surface == Surface.DashboardApi)
        {
            return IsJson(type) ? null : WrongType(type, "application/json");
        }

        if (route.Surface == Surface.SignIn)
        {
            // Its forms are our own; Origin and Sec-Fetch-Site have told so.
            return type is not null && type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) ? null : WrongType(type, "application/x-www-form-urlencoded");
        }

        var isSafelisted = type is not null
            && (type.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) || type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase));
        return isSafelisted && request.Headers.ContainsKey("Sec-Fetch-Mode") ? WrongType(type, "application/json or multipart/form-data") : null;
    }

    private static bool IsJson(string? type) =>
        type is "application/json"
        || (type is not null && type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) && (type.Length == 16 || type[16] is ';' or ' '));

    private static GatewayError WrongType(string? type, string wanted) => new(
        ErrorKind.WrongContentType,
        $"The content type must be {wanted}, not {(type is null ? "absent" : $"“{type}”")}. Set the Content-Type header of the request.");

    private GatewayError? CheckKey(HttpRequest request, in Route route)
    {
        // The pages under /auth/ and the dashboard ask themselves: a browser can send a key only in a form, then a session's cookie.
        if (!keys.AreRequired || route.Surface is Surface.Health or Surface.Asset or Surface.FrontPage or Surface.Docs or Surface.SignIn or Surface.DashboardApp or Surface.DashboardApi || CarriesKey(request))
        {
            return null;
        }

        var key = request.Headers.TryGetValue("x-api-key", out var lines) && lines.Count > 0 ? lines[0] : null;
        var bearer = ClientCredential.BearerOf(request.Headers);

        return key is null && bearer is null
            ? new GatewayError(ErrorKind.KeyMissing, "This gateway asks for a gateway key. Send it as x-api-key or as a bearer token; in SillyTavern it is the “Proxy Password”.")
            : new GatewayError(ErrorKind.KeyWrong, "The gateway key is not one of this gateway's. Ask whoever runs it for a key; in SillyTavern it is the “Proxy Password”.");
    }

    /// <summary>True where a header of the request carries one of the keys.</summary>
    public bool CarriesKey(HttpRequest request) =>
        (request.Headers.TryGetValue("x-api-key", out var lines) && lines is [{ } key, ..] && keys.Contains(key))
        || (ClientCredential.BearerOf(request.Headers) is { } bearer && keys.Contains(bearer));

    private static string Shown(string? value) => string.IsNullOrEmpty(value) ? "(nothing)" : value.Length > 100 ? value[..100] + "…" : value;
}
