using System.Security.Cryptography;
using System.Text;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P31, as far as the front page goes: no script runs on it, no page frames it, and every text on it is text.</summary>
public sealed class P31_The_front_page_runs_nothing
{
    private const string Script = "<script>alert(1)</script>";

    [Theory]
    [InlineData("/")]
    [InlineData("/docs/configuration.md")]
    [InlineData("/favicon.svg")]
    public async Task Its_policy_allows_nothing_but_its_own_style_and_icon(string path)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.SendAsync(RawClient.Get(path));

        var policy = answer["Content-Security-Policy"]!.Split(';', StringSplitOptions.TrimEntries).Select(static part => part.Split(' ', 2)).ToDictionary(static part => part[0], static part => part[1], StringComparer.Ordinal);
        Assert.Equal("'none'", policy["default-src"]);
        Assert.False(policy.ContainsKey("script-src"));
        Assert.DoesNotContain("unsafe", answer["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("'none'", policy["frame-ancestors"]);
        Assert.Equal("nosniff", answer["X-Content-Type-Options"]);
        Assert.Null(answer["Set-Cookie"]);
    }

    [Fact]
    public async Task Its_style_is_the_one_that_the_policy_names()
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.SendAsync(RawClient.Get("/"));

        var style = answer.Text.Split("<style>")[1].Split("</style>")[0];
        Assert.Contains($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'", answer["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("<script", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" on", answer.Text.Split("<body>")[1].Split('<').Where(static tag => tag.Contains('>')).Select(static tag => tag.Split('>')[0] + " ").Aggregate(static (all, tag) => all + tag), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_name_of_an_upstream_is_shown_as_text()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with
        {
            Upstream = Script,
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { [Script] = new() { Url = upstream.Url } },
        });

        var page = await gateway.SendAsync(RawClient.Get("/", "Accept: text/html\r\n"));
        Assert.DoesNotContain(Script, page.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page.Text, StringComparison.Ordinal);

        var json = await gateway.SendAsync(RawClient.Get("/", "Accept: application/json\r\n"));
        Assert.Equal("application/json", json["Content-Type"]);
        Assert.DoesNotContain("<script", json.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_a_hostile_name_is_no_preset_and_is_not_shown()
    {
        await using var gateway = await TestGateway.StartAsync(null, null, null, ("<img src=x onerror=alert(1)>", "{}"), ("\"><b>", "{}"), ("story", "{}"));

        var page = await gateway.SendAsync(RawClient.Get("/"));

        Assert.DoesNotContain("onerror", page.Text, StringComparison.Ordinal);
        Assert.Contains("/v1/story", page.Text, StringComparison.Ordinal);
        Assert.Equal(["assistant", "story", "storyteller"], gateway.Host.State.Current.Presets.Names);
    }

    [Theory]
    [InlineData("localhost\"><script>alert(1)</script>")]
    [InlineData("localhost:1\"onmouseover=\"x")]
    [InlineData("<script>")]
    public async Task A_hostile_Host_is_refused_and_not_repeated_as_markup(string host)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.SendAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");

        Assert.True(answer.Status is 400 or 421, answer.Text);
        Assert.StartsWith("application/json", answer["Content-Type"] ?? "application/json", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_that_repeat_what_was_sent_are_never_markup()
    {
        await using var gateway = await TestGateway.StartAsync();
        foreach (var request in new[] { RawClient.Post("/v1/%3Cscript%3E/messages", "{}"), RawClient.Get("/docs/%3Cscript%3E"), RawClient.Get($"/docs/{Script}"), RawClient.Get("/", $"Origin: {Script}\r\n") })
        {
            var answer = await gateway.SendAsync(request);

            Assert.InRange(answer.Status, 400, 499);
            Assert.Equal("application/json", answer["Content-Type"]);
        }
    }
}
