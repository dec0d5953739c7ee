using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P2: what a browser sends for a page of another origin reaches no upstream, unless exactly that origin is configured. Chromium itself is in tests/external/browser.</summary>
public sealed class P02_No_web_page_can_spend_money
{
    private static readonly string?[] Origins =
        [null, "http://localhost", "null", "http://evil.example", "https://localhost", "http://localhost:8000", "http://localhost.evil.example", "http://127.0.0.1", "chrome-extension://abcdef", ""];

    private static readonly string?[] Sites = [null, "same-origin", "none", "same-site", "cross-site", "same-origin, cross-site"];

    private static readonly string?[] Modes = [null, "cors", "no-cors", "navigate"];

    private static readonly string?[] Types = ["application/json", "application/json; charset=utf-8", "application/jsonp", "text/plain", "text/plain;application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", null];

    public static TheoryData<string, string> MethodsAndPaths => new()
    {
        { "POST", "/v1/messages" },
        { "POST", "//messages" },
        { "POST", "/v1/messages/count_tokens" },
        { "PUT", "/v1/files" },
        { "POST", "/v1/messages/batches" },
        { "DELETE", "/v1/files/file_1" },
        { "GET", "/v1/models" },
    };

    [Theory, MemberData(nameof(MethodsAndPaths))]
    public async Task What_a_foreign_page_can_send_is_refused(string method, string path)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);
        var isMessages = method == "POST" && !path.EndsWith("batches", StringComparison.Ordinal);
        var admitted = 0;
        using var client = await RawClient.ConnectAsync(gateway.Port);
        foreach (var origin in Origins)
        {
            foreach (var site in Sites)
            {
                foreach (var mode in Modes)
                {
                    foreach (var type in Types)
                    {
                        await client.SendAsync(
                            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{Line("Origin", origin)}{Line("Sec-Fetch-Site", site)}{Line("Sec-Fetch-Mode", mode)}{Line("Content-Type", type)}Content-Length: 0\r\n\r\n");
                        var answer = await client.ReadAsync();

                        var isForeign = origin is not (null or "http://localhost") || site is not (null or "same-origin" or "none");
                        var isPageType = type is not null && (type.StartsWith("text/plain", StringComparison.Ordinal) || type.StartsWith("application/x-www", StringComparison.Ordinal));
                        var isWrongType = method != "GET" && (isMessages ? type?.Split(';')[0] is not "application/json" : isPageType && mode is not null);
                        var expected = isForeign ? 403 : isWrongType ? 415 : 200;
                        Assert.True(expected == answer.Status, $"{answer.Status} in place of {expected}: {method} {origin} {site} {mode} {type}");
                        Assert.Null(answer["Access-Control-Allow-Origin"]);
                        admitted += expected == 200 ? 1 : 0;
                    }
                }
            }
        }

        Assert.True(admitted > 0);
        Assert.Equal(admitted, upstream.Calls.Count);
    }

    [Fact]
    public async Task A_configured_origin_is_let_in_and_may_read_the_answer()
    {
        await using var upstream = ScriptedUpstream.Answering("{}", headers: "Access-Control-Allow-Origin: *\r\n");
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with { AllowedOrigins = ["https://chat.example"] });

        var asked = await gateway.SendAsync("OPTIONS /v1/messages HTTP/1.1\r\nHost: localhost\r\nOrigin: https://chat.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x-api-key,content-type\r\nSec-Fetch-Site: cross-site\r\n\r\n");
        Assert.Equal((204, "https://chat.example", "POST", "x-api-key,content-type"), (asked.Status, asked["Access-Control-Allow-Origin"], asked["Access-Control-Allow-Methods"], asked["Access-Control-Allow-Headers"]));
        Assert.Empty(upstream.Calls);

        var answer = await gateway.PostAsync("{}", headers: "Origin: https://chat.example\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n");
        Assert.Equal(200, answer.Status);
        Assert.Equal("https://chat.example", Assert.Single(answer.Headers, static line => line.Name.Equals("Access-Control-Allow-Origin", StringComparison.OrdinalIgnoreCase)).Value);
        Assert.Contains("Origin", answer["Vary"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://chat.example.evil.example")]
    [InlineData("https://CHAT.example")]
    [InlineData("http://chat.example")]
    [InlineData("https://chat.example:444")]
    [InlineData("https://chat.example\r\nOrigin: https://evil.example")]
    [InlineData("https://chat.example, https://evil.example")]
    [InlineData("null")]
    public async Task Beside_it_every_other_origin_stays_out(string origin)
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with { AllowedOrigins = ["https://chat.example"] });

        var answers = new[]
        {
            await gateway.PostAsync("{}", headers: $"Origin: {origin}\r\n"),
            await gateway.SendAsync($"OPTIONS /v1/messages HTTP/1.1\r\nHost: localhost\r\nOrigin: {origin}\r\nAccess-Control-Request-Method: POST\r\n\r\n"),
        };

        Assert.All(answers, static answer => Assert.Equal((403, null), (answer.Status, answer["Access-Control-Allow-Origin"])));
        Assert.Empty(upstream.Calls);
    }

    private static string Line(string name, string? value) => value is null ? "" : $"{name}: {value}\r\n";
}
