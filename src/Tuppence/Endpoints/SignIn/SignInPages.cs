using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Tuppence.Exchange;
using Tuppence.SignIn;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Endpoints;

/// <summary>What the pages under <c>/auth/</c> show. They run no script; all text of others is encoded.</summary>
internal static class SignInPages
{
    private static readonly string Style = EmbeddedText.Read("front-page.css");
    private static readonly string Template = EmbeddedText.Read("sign-in.html");

    // No form-action: Chromium applies it to the redirect after a form too, and where an issuer leads on to is its own affair.
    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>One paragraph of text.</summary>
    public static string Paragraph(string text) => $"<p>{Html(text)}</p>";

    /// <summary>What is said to a form without the key.</summary>
    public static string KeyMissing() => Paragraph("This gateway has keys: go back and type one of them into the form, or use tuppence login on the machine that runs it.");

    /// <summary>The upstreams, each with what can be done.</summary>
    public static Task ShowChoiceAsync(HttpContext context, Gateway gateway, IReadOnlyList<SignInStatus> list, bool isNear)
    {
        var returnTo = LocalPaths.Of(context.Request.Query["return"]);
        var body = new StringBuilder();
        foreach (var status in list.Where(status => gateway.Config.Upstreams.ContainsKey(status.Upstream)))
        {
            var entry = gateway.Config.Upstreams[status.Upstream];
            body.Append($"<section><h2>{Html(status.Upstream)}</h2><p>{Html(status.Text)}<br>at {Html(status.Issuer)}</p>");
            if (isNear && entry.SignIn.ClientId is not null && entry.SignIn.Flow != Configuration.SignInFlow.Device)
            {
                body.Append(Form("/auth/login", status.IsSignedIn ? "Sign in anew in this browser" : "Sign in in this browser", gateway, ("upstream", status.Upstream), ("flow", "browser"), ("return", returnTo)));
            }

            if (entry.SignIn.Flow != Configuration.SignInFlow.Browser)
            {
                body.Append(Form("/auth/login", "Use a code on another device", gateway, ("upstream", status.Upstream), ("flow", "device"), ("return", returnTo)));
            }

            body.Append("</section>");
        }

        body.Append(ProgramSignIn.Section(gateway));
        if (body.Length == 0)
        {
            body.Append(Paragraph("No upstream has a sign-in. Set sign_in.issuer of an upstream in the configuration; the guide shows how."));
        }

        return WriteAsync(context, 200, "Sign in", body.ToString());
    }

    /// <summary>Who is signed in, as a page or as JSON.</summary>
    public static async Task ShowStatusAsync(HttpContext context, Gateway gateway, IReadOnlyList<SignInStatus> list)
    {
        var accept = context.Request.Headers.Accept.ToString();
        context.Response.Headers.Vary = "Accept";
        if (context.Request.Query["format"] == "json" || (accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase)))
        {
            context.Response.Headers.CacheControl = "no-store";
            await WriteAsync(context, 200, "application/json", SignInStatus.ToJson(list, program: gateway.ClaudeCode?.Report.ToJson()));
            return;
        }

        var rows = string.Concat(list.Select(status =>
            $"<tr><th scope=\"row\">{Html(status.Upstream)}</th><td>{Html(status.Text)}<br>at {Html(status.Issuer)}<br>{(status.IsSignedIn || status.Account.Length > 0 ? Form("/auth/logout", "Sign out", gateway, ("upstream", status.Upstream)) : "")}</td></tr>"));
        rows += ProgramSignIn.Row(gateway);
        await WriteAsync(context, 200, "Sign-ins", rows.Length == 0 ? Paragraph("No upstream has a sign-in.") : $"<section><table>{rows}</table></section><p><a href=\"/auth/login\">Sign in</a></p>");
    }

    /// <summary>Shows what a person must agree to before the sign-in goes on.</summary>
    public static Task AskAsync(HttpContext context, Gateway gateway, SignInPlan plan, bool device, string returnTo) => WriteAsync(
        context,
        200,
        "Before you sign in",
        string.Concat(plan.Notices.Concat(plan.Changes).Select(Paragraph))
            + Form("/auth/login", "Go on", gateway, ("upstream", plan.Client.Upstream), ("flow", device ? "device" : "browser"), ("agree", plan.Fingerprint), ("return", returnTo)));

    /// <summary>How far a sign-in is; the page renews itself while it runs.</summary>
    public static Task ShowFlightAsync(HttpContext context, SignInFlight flight)
    {
        if (flight.Completion is { IsCompletedSuccessfully: true, Result: var result })
        {
            var end = result.IsSuccess ? CallbackPage.Success(flight.Upstream, result.Grant.Account) : CallbackPage.Of(result.Problem);
            return WriteAsync(context, 200, end.Title, Paragraph(end.Text) + (result.IsSuccess ? $"<p><a href=\"{Html(flight.ReturnTo)}\">Go on</a></p>" : "<p><a href=\"/auth/login\">Start again</a></p>"));
        }

        if (flight.Device is not { } device)
        {
            return WriteAsync(context, 200, "Waiting for the issuer", Paragraph("The sign-in goes on in the tab where you began it."), refreshSeconds: 3);
        }

        var link = $"<a href=\"{Html(device.DirectUri.AbsoluteUri)}\" rel=\"noreferrer noopener\" target=\"_blank\">{Html(device.VerificationUri.AbsoluteUri)}</a>";
        return WriteAsync(
            context,
            200,
            "Sign in on any device",
            $"<section><p>Open {link} on any device and enter this code:</p><p class=\"code\">{Html(device.UserCode)}</p><p>{QrImage.Of(device.DirectUri)?.ToSvg()}</p><p>The code is good until {device.ExpiresAt.UtcDateTime:HH:mm} UTC. This page tells when it is done.</p></section>",
            refreshSeconds: 3);
    }

    /// <summary>Writes a page.</summary>
    public static Task WriteAsync(HttpContext context, int status, string title, string body, int refreshSeconds = 0)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = Policy;
        // With no-referrer a browser would send our own forms with “Origin: null”.
        response.Headers["Referrer-Policy"] = "same-origin";
        var text = new StringBuilder(Template)
            .Replace("{{style}}", Style)
            .Replace("{{refresh}}", refreshSeconds > 0 ? $"<meta http-equiv=\"refresh\" content=\"{refreshSeconds}\">\n" : "")
            .Replace("{{title}}", Html(title))
            .Replace("{{body}}", body)
            .ToString();
        return WriteAsync(context, status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(text));
    }

    private static Task WriteAsync(HttpContext context, int status, string type, byte[] body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = body.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.BodyWriter.WriteAsync(body).AsTask();
    }

    private static string Form(string action, string button, Gateway gateway, params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var form = new StringBuilder($"<form method=\"post\" action=\"{action}\">");
        foreach (var (name, value) in fields)
        {
            form.Append($"<input type=\"hidden\" name=\"{name}\" value=\"{Html(value)}\">");
        }

        if (gateway.Keys.AreRequired)
        {
            form.Append("<label>Gateway key <input type=\"password\" name=\"key\" autocomplete=\"off\" required></label> ");
        }

        return form.Append($"<button>{Html(button)}</button></form>").ToString();
    }

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);
}
