using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Tuppence.Endpoints;
using Tuppence.Exchange;

namespace Tuppence.Dashboard;

/// <summary>The dashboard's own files, part of the program: the page at <c>/</c>, scripts and styles under <c>/tuppence/app/</c>. They ask no other host for anything.</summary>
/// <param name="files">Content by name; <c>index.html</c> is the page.</param>
internal sealed class DashboardApp(IReadOnlyDictionary<string, byte[]> files)
{
    /// <summary>What the page may do: run and show what comes from here, ask this origin, nothing else. <c>{0}</c>: one more source of styles.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' {0}; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Prefix = "/tuppence/app/";

    private static readonly Lazy<DashboardApp> OfProgram = new(static () =>
        new DashboardApp(EmbeddedText.Names("app/").ToDictionary(static name => name, static name => EmbeddedText.ReadBytes("app/" + name), StringComparer.Ordinal)));

    private readonly ConcurrentDictionary<string, byte[]> compressed = new(StringComparer.Ordinal);

    // One folder for each build, so that what is in it never changes; files find each other in it by relative names.
    private readonly string folder = HashOf(files);

    /// <summary>Those that ship.</summary>
    public static DashboardApp Shipped => OfProgram.Value;

    /// <summary>Whether there is a page.</summary>
    public bool HasPage => files.ContainsKey("index.html");

    /// <summary>The policy of the page, where a style of that hash may stand in it.</summary>
    public static string PolicyWith(string styleHash) => string.Format(null, CompositeFormat.Parse(Policy), styleHash);

    /// <summary>The page; who runs no script sees <paramref name="fallback"/>.</summary>
    /// <param name="style">Style of the fallback.</param>
    /// <param name="fallback">Markup of the fallback's body.</param>
    public string PageWith(string style, string fallback)
    {
        var page = Encoding.UTF8.GetString(files["index.html"]).Replace($"\"{Prefix}", $"\"{Prefix}{folder}/", StringComparison.Ordinal);
        return Before(Before(page, "</head>", $"<noscript><style>{style}</style></noscript>"), "</body>", $"<noscript>{fallback}</noscript>");
    }

    /// <summary>Answers with a file.</summary>
    public Task AnswerAsync(HttpContext context, string path)
    {
        var (request, response) = (context.Request, context.Response);
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return MethodNotAllowed.AnswerAsync(context);
        }

        var isHashed = path.AsSpan(Prefix.Length).StartsWith(folder + "/", StringComparison.Ordinal);
        var name = path[(Prefix.Length + (isHashed ? folder.Length + 1 : 0))..];
        if (name == "index.html" || !files.TryGetValue(name, out var content))
        {
            return ErrorResponse.WriteAsync(context, new GatewayError(ErrorKind.NotFound, "The dashboard has no such file. If it was just updated, load the page anew."));
        }

        var type = TypeOf(name);
        response.ContentType = type;
        response.Headers.CacheControl = isHashed ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers.Vary = "Accept-Encoding";
        if (IsText(type) && TakesGzip(request))
        {
            response.Headers.ContentEncoding = "gzip";
            content = compressed.GetOrAdd(name, static (_, plain) => Compress(plain), content);
        }

        response.ContentLength = content.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.BodyWriter.WriteAsync(content).AsTask();
    }

    private static string Before(string page, string end, string added)
    {
        var at = page.LastIndexOf(end, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? page + added : page.Insert(at, added);
    }

    private static string HashOf(IReadOnlyDictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in files.OrderBy(static file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{content.Length}\n"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".woff2" => "font/woff2",
        ".json" or ".map" => "application/json",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };

    private static bool IsText(string type) => type.StartsWith("text/", StringComparison.Ordinal) || type is "image/svg+xml" or "application/json";

    // RFC 9110 section 12.5.3; who weighs it with 0 does not take it.
    private static bool TakesGzip(HttpRequest request) => request.Headers.AcceptEncoding.ToString().Split(',', StringSplitOptions.TrimEntries)
        .Any(static coding => coding.Split(';', StringSplitOptions.TrimEntries) is ["gzip", ..] and not [_, "q=0" or "q=0.0" or "q=0.00" or "q=0.000"]);

    private static byte[] Compress(byte[] plain)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }

        return output.ToArray();
    }
}
