using Tuppence.Exchange;

namespace Tuppence.Endpoints;

/// <summary><c>GET /docs/NAME</c>: the user guide, which is part of the program and needs no network.</summary>
internal static class Docs
{
    private const string Prefix = "docs/";

    /// <summary>File names of the pages.</summary>
    public static IReadOnlyList<string> Names { get; } = EmbeddedText.Names(Prefix);

    /// <summary>A page's title: its first heading.</summary>
    public static string Title(string name) =>
        EmbeddedText.Read(Prefix + name).Split('\n', 2)[0].TrimStart('#', ' ') is { Length: > 0 } title ? title : name;

    /// <summary>Answers with the page, as the plain text that Markdown is.</summary>
    public static Task AnswerAsync(HttpContext context, string name)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return MethodNotAllowed.AnswerAsync(context);
        }

        if (!Names.Contains(name, StringComparer.Ordinal))
        {
            return ErrorResponse.WriteAsync(context, new GatewayError(ErrorKind.NotFound, $"There is no such page. There are: {string.Join(", ", Names)}."));
        }

        var body = EmbeddedText.ReadBytes(Prefix + name);
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.BodyWriter.WriteAsync(body).AsTask();
    }
}
