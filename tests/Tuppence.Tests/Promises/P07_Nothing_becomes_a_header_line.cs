using System.Text.Json;
using CsCheck;
using Tuppence.Configuration;
using Tuppence.Messages.Edits;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P7: no value that a client or an upstream sends, in whatever place, becomes a header line on the other side.</summary>
/// <remarks>
/// Redirects, whose targets the promise speaks of too, are made by one endpoint alone, which begins a sign-in: to the issuer, or to a page
/// of ours. No part of a request chooses where.
/// </remarks>
public sealed class P07_Nothing_becomes_a_header_line
{
    private const string Injection = "X-Injected: 1";

    private static readonly string[] Crafted = ["a\r", "a\0", "%0d%0a", "\\r\\n", "a\v\f", "\u0085", "å"];

    /// <summary>Any Latin-1 text without the two bytes that do end a line.</summary>
    private static readonly Gen<string> Values = Gen.OneOf(
        Gen.Char['\0', '\u00FF'].Where(static c => c != '\n').Array[0, 40].Select(static chars => new string(chars)),
        Gen.Char[' ', '~'].Array[0, 200].Select(static chars => new string(chars)),
        Gen.Int[0, Crafted.Length - 1].Select(static index => Crafted[index] + Injection));

    [Fact]
    public async Task A_value_of_the_client_goes_up_as_it_is_or_not_at_all()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);
        await Values.SampleAsync(
            async value =>
            {
                var before = upstream.Calls.Count;
                var answer = await gateway.SendAsync(RawClient.Get("/v1/models", $"X-Value: {value}\r\n"));
                if (upstream.Calls.Count == before)
                {
                    return answer.Status is >= 400 and < 500;
                }

                var lines = upstream.Calls[before].Headers;
                return answer.Status == 200 && lines.Count == 2 && lines[0].Name == "Host"
                    && lines[1] == ("X-Value", value.Trim());
            },
            iter: 150,
            threads: 1);
        Assert.NotEmpty(upstream.Calls);
    }

    [Fact]
    public async Task A_target_of_the_client_stays_one_line()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);
        await Values.SampleAsync(
            async value =>
            {
                var before = upstream.Calls.Count;
                var answer = await gateway.SendAsync(RawClient.Get($"/v1/models?{value}"));
                // A space at the end of a query is taken for none, or read as part of the version: 505.
                return upstream.Calls.Count == before
                    ? answer.Status is (>= 400 and < 500) or 505
                    : upstream.Calls[before].Headers.Count == 1 && upstream.Calls[before].RequestLine == $"GET /v1/models?{value.TrimEnd(' ')} HTTP/1.1";
            },
            iter: 150,
            threads: 1);
    }

    [Fact]
    public async Task A_value_of_the_upstream_comes_down_as_it_is_or_the_answer_is_502()
    {
        var value = "";
        await using var upstream = ScriptedUpstream.Start(call => call.AnswerAsync(200, "{}", $"X-Value: {value}\r\n"));
        await using var gateway = await TestGateway.StartAsync(upstream);
        await Values.SampleAsync(
            async sampled =>
            {
                value = sampled;
                var answer = await gateway.SendAsync(RawClient.Get("/v1/models"));
                return answer["X-Injected"] is null
                    && (answer.Status == 502 || (answer.Status == 200 && answer.Headers.Count(static line => line.Name == "X-Value") == 1 && answer["X-Value"] == value.Trim()));
            },
            iter: 150,
            threads: 1);
    }

    [Fact]
    public async Task A_model_name_in_a_body_makes_no_header_line_where_edits_are_told_of()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        var names = new[] { "a\r\nX-Injected: 1", "a\nX-Injected: 1", "a\rX-Injected: 1", "a\0\u0085\u2028X-Injected: 1", "\"; x=\"\r\n\r\n{}", "ümläut 火" };
        await using var gateway = await TestGateway.StartAsync(
            upstream, config => config with { FilterSamplingParams = SamplingFilterMode.On, ModelAliases = names.ToDictionary(static name => name, static _ => "claude-sonnet-4-5", StringComparer.Ordinal) });
        foreach (var name in names)
        {
            foreach (var path in new[] { "/v1/messages", "/v1/messages?dry-run=true" })
            {
                var answer = await gateway.PostAsync($$"""{"model":{{JsonSerializer.Serialize(name)}},"temperature":1,"messages":[]}""", path);

                Assert.Equal((200, null), (answer.Status, answer["X-Injected"]));
                Assert.Contains("model-alias", answer["x-tuppence-edits"], StringComparison.Ordinal);
                Assert.All(answer["x-tuppence-edits"]!, static c => Assert.InRange(c, ' ', '~'));
            }
        }

        Assert.All(upstream.Calls, static call => Assert.Null(call["X-Injected"]));
    }

    [Fact]
    public async Task No_answer_of_our_own_redirects()
    {
        await using var gateway = await TestGateway.StartAsync();
        foreach (var target in new[] { "/", "//", "//evil.example", "/\\evil.example", "/%2f%2fevil.example", "/docs/", "/docs/http://evil.example", "/?return=https://evil.example", "/health?next=//evil.example", "/v1", "/login?return=//evil.example", "/auth/login?return=//evil.example", "/auth/status?return=//evil.example" })
        {
            var answer = await gateway.SendAsync(RawClient.Get(target));

            Assert.False(answer.Status is >= 300 and < 400, target);
            Assert.Null(answer["Location"]);
            Assert.Null(answer["Refresh"]);
        }
    }

    public static TheoryData<string> OpenRedirects => new(
        "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:evil.example", "https:/evil.example", "http://127.0.0.1@evil.example",
        "/%2fevil.example", "/%5cevil.example", "/./evil.example", "/..//evil.example", "/docs/../..//evil.example", "/docs/sign-in.md/../..", "/docs//evil.example", "/auth/status?x=//evil.example",
        "/auth/status#//evil.example", "/auth/statusx", " /", "/ ", "/\t/evil.example", "/\r\nX-Injected: 1", "/\0", "javascript:alert(1)", "data:text/html,x", "\u002f\u002fevil.example", "/\u2044evil.example", "");

    [Theory, MemberData(nameof(OpenRedirects))]
    public async Task After_a_sign_in_only_pages_of_ours_are_offered(string wanted)
    {
        await using var scene = new IssuerScene();
        await using var gateway = await TestGateway.StartWithAsync(scene.Keeper, config => config with
        {
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["work"] = scene.Server.Upstream() },
        });

        var page = await gateway.SendAsync(RawClient.Get("/auth/login?return=" + Uri.EscapeDataString(wanted)));
        var begun = await gateway.SendAsync(RawClient.Post("/auth/login", $"flow=device&return={Uri.EscapeDataString(wanted)}", contentType: "application/x-www-form-urlencoded"));

        Assert.Contains("name=\"return\" value=\"/\"", page.Text, StringComparison.Ordinal);
        Assert.StartsWith("/auth/login?flow=", begun["Location"], StringComparison.Ordinal);
        Assert.Equal("/", gateway.Host.SignIns!.Find(begun["Location"]![^32..])!.ReturnTo);
        Assert.Null(begun["X-Injected"]);
    }
}
