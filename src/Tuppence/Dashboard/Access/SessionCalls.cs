using System.Globalization;
using System.Net;
using Tuppence.Dashboard.Json;
using Tuppence.Exchange;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Dashboard.Access;

/// <summary><c>/tuppence/api/session</c>: who one is, signing in with a gateway key, signing out.</summary>
internal sealed class SessionCalls(DashboardAccess access)
{
    /// <summary>Tells it; to anybody, for it holds nothing that the sign-in page may not know.</summary>
    public Task ShowAsync(ApiCall call)
    {
        var (needsKey, isSignedIn) = (call.Gateway.Keys.AreRequired, access.IsSignedIn(call.Context.Request, call.Gateway));
        return WriteAsync(call, needsKey, isSignedIn);
    }

    /// <summary>Signs in.</summary>
    public async Task BeginAsync(ApiCall call)
    {
        var context = call.Context;
        if (await call.ReadAsync() is not { } body)
        {
            return;
        }

        using (body)
        {
            if (!call.Gateway.Keys.AreRequired)
            {
                await WriteAsync(call, needsKey: false, isSignedIn: true);
                return;
            }

            var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
            if (access.Tries.Begin(address) is { Ticks: > 0 } wait)
            {
                context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                await Answers.ErrorAsync(context, ErrorKind.TooManyTries, $"Too many wrong keys came from this address. Wait {Math.Ceiling(wait.TotalSeconds)} s and try again.");
                return;
            }

            var key = body.RootElement.TextOf("key");
            if (key is null || !call.Gateway.Keys.Contains(key))
            {
                await Answers.ErrorAsync(context, ErrorKind.KeyWrong, "That is not one of this gateway's keys.");
                return;
            }

            access.Tries.Succeeded(address);
            context.Response.Cookies.Append(DashboardAccess.CookieName(context.Request), access.Sessions.Begin(new Secret(key)), CookieOf(context.Request));
            await WriteAsync(call, needsKey: true, isSignedIn: true);
        }
    }

    /// <summary>Signs out.</summary>
    public Task EndAsync(ApiCall call)
    {
        var request = call.Context.Request;
        var name = DashboardAccess.CookieName(request);
        if (request.Cookies[name] is { Length: > 0 } token)
        {
            access.Sessions.End(token);
            call.Context.Response.Cookies.Delete(name, CookieOf(request));
        }

        return Answers.NothingAsync(call.Context);
    }

    private static CookieOptions CookieOf(HttpRequest request) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        // Other servers on the same machine are the same site; they are not shown it.
        Path = "/tuppence/api/",
        Secure = request.Headers.Origin.ToString().StartsWith("https://", StringComparison.Ordinal),
    };

    private static Task WriteAsync(ApiCall call, bool needsKey, bool isSignedIn) => Answers.ObjectAsync(call.Context, json =>
    {
        json.WriteBoolean("needsKey"u8, needsKey);
        json.WriteBoolean("signedIn"u8, isSignedIn);
        json.WriteString("version"u8, ProductVersion.Text);
        json.WriteBoolean("content"u8, call.Gateway.Config.Ledger.Content);
        json.WriteBoolean("ledger"u8, call.Gateway.Config.Ledger.IsOn);
    });
}
