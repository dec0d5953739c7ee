using System.Security.Cryptography;
using Tuppence.Exchange;

namespace Tuppence.Dashboard.Access;

/// <summary>
/// Who may use the dashboard's API. What changes something must come from a page of the gateway's own origin, whatever <c>allowed_origins</c>
/// says; and where gateway keys are configured, all but the sign-in itself needs a session, or a key in a header as programs send it.
/// </summary>
/// <remarks>Sources: https://fetch.spec.whatwg.org/#origin-header, https://w3c.github.io/webappsec-fetch-metadata, RFC 6265bis (SameSite).</remarks>
internal sealed class DashboardAccess(TimeProvider time)
{
    /// <summary>Sessions.</summary>
    public Sessions Sessions { get; } = new(time, RandomNumberGenerator.GetBytes);

    /// <summary>Wrong keys.</summary>
    public KeyTries Tries { get; } = new(time);

    /// <summary>The reason to refuse a call that changes something, or null. The request guard has refused foreign origins and hosts before.</summary>
    public static GatewayError? CheckOrigin(HttpRequest request, Gateway gateway)
    {
        // A browser sends Origin with each of these; who leaves it out is no page of ours.
        if (request.Headers.Origin is not [{ } origin] || !gateway.Guard.IsOwnOrigin(origin, request.Headers.Host))
        {
            return new GatewayError(ErrorKind.ForeignOrigin, "Only the gateway's own pages may change something here. Programs send the header Origin with the gateway's own address.");
        }

        return request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site is not ["same-origin"]
            ? new GatewayError(ErrorKind.ForeignOrigin, "Another web page sent the browser here; Tuppence does not answer such requests.")
            : null;
    }

    /// <summary>True where the request may see the dashboard's figures.</summary>
    public bool IsSignedIn(HttpRequest request, Gateway gateway) =>
        !gateway.Keys.AreRequired || gateway.Guard.CarriesKey(request)
        || (request.Cookies[CookieName(request)] is { Length: > 0 } token && Sessions.Holds(token, gateway.Keys));

    /// <summary>Name of the session's cookie. Cookies do not tell ports apart, so the name does.</summary>
    public static string CookieName(HttpRequest request) => $"tuppence_session_{request.HttpContext.Connection.LocalPort}";
}
