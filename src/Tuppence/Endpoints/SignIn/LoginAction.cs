using System.Net;
using Microsoft.Extensions.Primitives;
using Tuppence.Configuration;
using Tuppence.Exchange;
using Tuppence.SignIn;

namespace Tuppence.Endpoints;

/// <summary><c>POST /auth/login</c>: begins a sign-in and sends the browser to the issuer, or to the page with the code.</summary>
internal static class LoginAction
{
    /// <summary>Answers.</summary>
    public static async Task RunAsync(HttpContext context, Gateway gateway, SignInDesk desk, Dictionary<string, StringValues> form)
    {
        var names = Registrations.Names(gateway.Config);
        var name = form.GetValueOrDefault("upstream").ToString() is { Length: > 0 } given ? given : names.Count == 1 ? names[0] : "";
        if (!names.Contains(name, StringComparer.Ordinal))
        {
            await SignInPages.WriteAsync(context, 400, "Which upstream?", SignInPages.Paragraph(name.Length == 0
                ? "Name the upstream to sign in for."
                : "There is no upstream of that name with a sign-in. Set sign_in.issuer of an upstream in the configuration first."));
            return;
        }

        var entry = gateway.Config.Upstreams[name];
        var device = form.GetValueOrDefault("flow") == "device" || entry.SignIn.Flow == SignInFlow.Device
            || context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address);
        var agreed = form.GetValueOrDefault("agree") is [{ Length: > 0 } fingerprint] ? fingerprint : null;
        var returnTo = LocalPaths.Of(form.GetValueOrDefault("return"));
        var (flight, toAgree, problem) = await desk.StartAsync(name, entry, device, agreed, returnTo, context.RequestAborted);
        if (flight is not null)
        {
            // To the issuer's own endpoint, checked when its metadata was read, or to ourselves: no part of the request decides.
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = flight.Url?.AbsoluteUri ?? "/auth/login?flow=" + flight.Id;
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
        }
        else if (toAgree is not null)
        {
            await SignInPages.AskAsync(context, gateway, toAgree, device, returnTo);
        }
        else
        {
            await SignInPages.WriteAsync(context, 502, "Signing in cannot begin", SignInPages.Paragraph(problem!.Message));
        }
    }
}
