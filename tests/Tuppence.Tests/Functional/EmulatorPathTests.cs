using System.Net;
using System.Text;

namespace Tuppence.Tests.Functional;

public sealed class EmulatorPathTests : EmulatorScene
{
    [Theory]
    [InlineData("GET", "/v1/nothing", 404, "not_found_error")]
    [InlineData("GET", "/v1/models/", 404, "not_found_error")]
    [InlineData("GET", "/v1/models/claude-9", 404, "not_found_error")]
    [InlineData("GET", "/v1/messages", 405, "invalid_request_error")]
    [InlineData("DELETE", "/v1/models", 405, "invalid_request_error")]
    public async Task What_is_not_there_is_said_in_the_API_s_own_envelope(string method, string path, int status, string type)
    {
        using var response = await Emulator.Client.SendAsync(new(new(method), path), TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        var body = await EmulatorHost.JsonAsync(response);
        Assert.Equal("error", EmulatorHost.Text(body, "type"));
        Assert.Equal(type, EmulatorHost.Text(body.GetProperty("error"), "type"));
        Assert.Equal(response.Headers.GetValues("request-id").Single(), EmulatorHost.Text(body, "request_id"));
    }

    [Fact]
    public async Task Every_response_carries_the_headers_that_clients_read()
    {
        using var response = await Emulator.Client.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        Assert.StartsWith("req_01", response.Headers.GetValues("request-id").Single(), StringComparison.Ordinal);
        Assert.True(Guid.TryParse(response.Headers.GetValues("anthropic-organization-id").Single(), out _));
        foreach (var kind in new[] { "requests", "tokens", "input-tokens", "output-tokens" })
        {
            foreach (var part in new[] { "limit", "remaining", "reset" })
            {
                Assert.True(response.Headers.Contains($"anthropic-ratelimit-{kind}-{part}"));
            }
        }
    }

    [Theory]
    [InlineData("HEAD", "/")]
    [InlineData("GET", "/")]
    [InlineData("HEAD", "/api/hello")]
    [InlineData("GET", "/api/hello")]
    public async Task The_probes_of_Claude_Code_are_answered(string method, string path)
    {
        using var response = await Emulator.Client.SendAsync(new(new(method), path), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Models_are_listed_newest_first_page_by_page()
    {
        var ids = new List<string>();
        var (query, more) = ("?limit=7", true);
        while (more)
        {
            using var response = await Emulator.Client.GetAsync($"/v1/models{query}", TestContext.Current.CancellationToken);
            var page = await EmulatorHost.JsonAsync(response);
            ids.AddRange(page.GetProperty("data").EnumerateArray().Select(model => EmulatorHost.Text(model, "id")!));
            more = page.GetProperty("has_more").GetBoolean();
            query = $"?limit=7&after_id={EmulatorHost.Text(page, "last_id")}";
        }

        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(18, ids.Count);
        Assert.Contains("claude-haiku-4-5-20251001", ids, StringComparer.Ordinal);

        using var back = await Emulator.Client.GetAsync($"/v1/models?limit=2&before_id={ids[5]}", TestContext.Current.CancellationToken);
        var before = await EmulatorHost.JsonAsync(back);
        Assert.Equal($"{ids[3]} {ids[4]}", string.Join(' ', before.GetProperty("data").EnumerateArray().Select(model => EmulatorHost.Text(model, "id"))));
        Assert.True(before.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task A_model_is_found_by_its_alias()
    {
        using var response = await Emulator.Client.GetAsync("/v1/models/claude-haiku-4-5", TestContext.Current.CancellationToken);
        var model = await EmulatorHost.JsonAsync(response);
        Assert.Equal("claude-haiku-4-5-20251001", EmulatorHost.Text(model, "id"));
        Assert.Equal("Claude Haiku 4.5", EmulatorHost.Text(model, "display_name"));
        Assert.Equal("2025-10-15T00:00:00Z", EmulatorHost.Text(model, "created_at"));
    }

    [Fact]
    public async Task A_body_over_32_MB_is_refused_unread()
    {
        using var socket = await Emulator.OpenAsync("POST /v1/messages HTTP/1.1\r\nHost: e\r\nanthropic-version: 2023-06-01\r\nContent-Length: 33554433\r\n\r\n{");
        var (answer, buffer) = ("", new byte[4096]);
        while (!answer.EndsWith("\"}", StringComparison.Ordinal))
        {
            answer += Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer));
        }

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"type\":\"request_too_large\",\"message\":\"Request exceeds the maximum size\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_just_under_32_MB_is_read()
    {
        var text = new string('a', (32 * 1024 * 1024) - 200);
        using var response = await Emulator.PostAsync("/v1/messages/count_tokens", $$"""{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"{{text}}"}]}""");
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("prompt is too long", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_version_header_is_named()
    {
        using var client = new HttpClient { BaseAddress = Emulator.Url };
        using var response = await client.PostAsync("/v1/messages", new StringContent("{}", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal("anthropic-version: header is required", EmulatorHost.Text((await EmulatorHost.JsonAsync(response)).GetProperty("error"), "message"));
    }

    [Fact]
    public async Task Tokens_are_counted_without_a_limit_on_output()
    {
        using var response = await Emulator.PostAsync("/v1/messages/count_tokens", """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Good morning"}]}""");
        Assert.Equal("""{"input_tokens":9}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
