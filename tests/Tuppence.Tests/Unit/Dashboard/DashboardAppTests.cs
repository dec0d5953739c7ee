using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Tuppence.Dashboard;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Unit.Dashboard;

/// <summary>The dashboard's files: kept for ever under the name of their build, compressed where that is taken, and asking no other host.</summary>
public sealed class DashboardAppTests
{
    private static readonly DashboardApp App = new(new Dictionary<string, byte[]>(StringComparer.Ordinal)
    {
        ["index.html"] = Encoding.UTF8.GetBytes("""<html><head><script type="module" src="/tuppence/app/main.js"></script></head><body><div id="app"></div></body></html>"""),
        ["main.js"] = Encoding.UTF8.GetBytes("import './part.js'; " + new string('/', 2000)),
    });

    [Fact]
    public async Task What_the_page_names_never_changes_and_is_compressed()
    {
        var path = Regex.Match(App.PageWith("p{}", "<p>plain</p>"), "src=\"([^\"]+)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;

        var (response, body) = await AskAsync(path, "gzip, deflate, br");

        Assert.Equal("public, max-age=31536000, immutable", response.Headers.CacheControl);
        Assert.Equal("gzip", response.Headers.ContentEncoding);
        Assert.Equal("text/javascript; charset=utf-8", response.ContentType);
        Assert.True(body.Length < 200);
        using var plain = new StreamReader(new GZipStream(new MemoryStream(body), CompressionMode.Decompress));
        Assert.StartsWith("import './part.js'", await plain.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("gzip;q=0")]
    [InlineData("")]
    public async Task Who_takes_no_gzip_gets_none(string accept)
    {
        var (response, body) = await AskAsync("/tuppence/app/main.js", accept);

        Assert.Equal(0, response.Headers.ContentEncoding.Count);
        Assert.Equal("no-cache", response.Headers.CacheControl);
        Assert.StartsWith("import", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/tuppence/app/none.js")]
    [InlineData("/tuppence/app/index.html")]
    [InlineData("/tuppence/app/0123456789abcdef/main.js")]
    [InlineData("/tuppence/app/")]
    public async Task What_there_is_not_is_told_so(string path) => Assert.Equal(404, (await AskAsync(path, "")).Response.StatusCode);

    [Fact]
    public void Who_runs_no_script_sees_the_plain_page()
    {
        var page = App.PageWith("p{}", "<p>plain</p>");

        Assert.Contains("<noscript><style>p{}</style></noscript></head>", page, StringComparison.Ordinal);
        Assert.Contains("<noscript><p>plain</p></noscript></body>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_that_ships_runs_its_own_files_only()
    {
        if (!DashboardApp.Shipped.HasPage)
        {
            Assert.Empty(EmbeddedText.Names("app/"));
            return;
        }

        await using var gateway = await TestGateway.StartAsync();
        var page = await gateway.SendAsync(RawClient.Get("/", "Accept: text/html\r\n"));

        var policy = page["Content-Security-Policy"]!.Split(';', StringSplitOptions.TrimEntries);
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("script-src 'self'", policy);
        Assert.Contains("connect-src 'self'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", page["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotMatch(new Regex("<script(?![^>]*\\ssrc=\"/tuppence/app/)", RegexOptions.None, TimeSpan.FromSeconds(1)), page.Text);
        foreach (Match match in Regex.Matches(page.Text, "(?:src|href)=\"(/tuppence/app/[^\"]+)\"", RegexOptions.None, TimeSpan.FromSeconds(1)))
        {
            var file = await gateway.SendAsync(RawClient.Get(match.Groups[1].Value));
            Assert.Equal((200, "nosniff"), (file.Status, file["X-Content-Type-Options"]));
            Assert.Contains("immutable", file["Cache-Control"], StringComparison.Ordinal);
        }
    }

    private static async Task<(HttpResponse Response, byte[] Body)> AskAsync(string path, string accept)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Headers.AcceptEncoding = accept;
        var body = new MemoryStream();
        context.Response.Body = body;
        await App.AnswerAsync(context, path);
        await context.Response.BodyWriter.FlushAsync(TestContext.Current.CancellationToken);
        return (context.Response, body.ToArray());
    }
}
