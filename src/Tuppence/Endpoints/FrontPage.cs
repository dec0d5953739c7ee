using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Tuppence.Dashboard;
using Tuppence.Exchange;
using Tuppence.SignIn;

namespace Tuppence.Endpoints;

/// <summary>
/// <c>GET /</c>: the dashboard for a browser, the state of the gateway as JSON for a program that asks for it, and else as a page that runs
/// no script. Under <c>/docs</c> a browser gets that page too, and within the dashboard where it runs no scripts.
/// </summary>
internal static class FrontPage
{
    private static readonly string Style = EmbeddedText.Read("front-page.css");
    private static readonly string Template = EmbeddedText.Read("front-page.html");
    private static readonly string StyleHash = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'";
    private static readonly string Policy =
        $"default-src 'none'; style-src {StyleHash}; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Answers.</summary>
    public static async Task AnswerAsync(HttpContext context, Gateway gateway, GatewayState state, SignInDesk? desk)
    {
        var method = context.Request.Method;
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
        {
            await MethodNotAllowed.AnswerAsync(context);
            return;
        }

        var signIns = desk is null ? [] : await desk.StatusAsync(gateway.Config, context.RequestAborted);
        var page = FrontPageState.Of(context, gateway, state, signIns);
        var accept = context.Request.Headers.Accept.ToString();
        var isBrowser = accept.Contains("text/html", StringComparison.OrdinalIgnoreCase);
        var wantsJson = !isBrowser && accept.Contains("application/json", StringComparison.OrdinalIgnoreCase);
        var isDashboard = isBrowser && context.Request.Path == "/" && DashboardApp.Shipped.HasPage;
        var plain = wantsJson ? "" : Render(page);
        var body = wantsJson ? page.ToJson() : Encoding.UTF8.GetBytes(isDashboard ? DashboardApp.Shipped.PageWith(Style, BodyOf(plain)) : plain);

        var response = context.Response;
        response.ContentType = wantsJson ? "application/json" : "text/html; charset=utf-8";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept";
        response.Headers.ContentSecurityPolicy = isDashboard ? DashboardApp.PolicyWith(StyleHash) : Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        if (!HttpMethods.IsHead(method))
        {
            await response.BodyWriter.WriteAsync(body);
        }
    }

    private static string BodyOf(string page)
    {
        var start = page.IndexOf("<body>", StringComparison.Ordinal) + "<body>".Length;
        return page[start..page.LastIndexOf("</body>", StringComparison.Ordinal)];
    }

    private static string Render(FrontPageState page)
    {
        static string Html(string text) => HtmlEncoder.Default.Encode(text);
        var presets = page.Presets.Count == 0
            ? page.PresetsFolder is null
                ? "<p>Not shown here.</p>"
                : $"<p>None. Put a JSON file into <code>{Html(page.PresetsFolder)}</code>; it is taken up at once.</p>"
            : "<p>Paste one of these instead, and each message gets the preset's text. The SDKs take them as base URL as they are.</p><dl>"
                + string.Concat(page.Presets.Select(preset => $"<dt>{Html(preset.Name)}</dt><dd>{Html(preset.Description ?? "")}<code class=\"paste\">{Html(page.PresetUrl(preset.Name))}</code></dd>"))
                + "</dl>";
        var rows = string.Concat(page.Rows.Select(row => $"<tr><th scope=\"row\">{Html(row.Name)}</th><td>{Html(row.Value)}</td></tr>"));
        var docs = string.Concat(Docs.Names.Select(name => $"<li><a href=\"/docs/{Html(name)}\">{Html(Docs.Title(name))}</a></li>"));
        return new StringBuilder(Template)
            .Replace("{{style}}", Style)
            .Replace("{{notice}}", page.Notice is null ? "" : $"<p class=\"notice\" role=\"status\">{Html(page.Notice)}</p>")
            .Replace("{{sign-in}}", page.SignIn is null ? "" : $"<p class=\"notice\">{Html(page.SignIn)} <a href=\"/auth/login\">Sign in or out</a></p>")
            .Replace("{{url}}", Html(page.ClientUrl))
            .Replace("{{sdk-url}}", Html(page.SdkUrl))
            .Replace("{{password}}", Html(page.Password))
            .Replace("{{rows}}", rows)
            .Replace("{{presets}}", presets)
            .Replace("{{docs}}", docs)
            .ToString();
    }
}
