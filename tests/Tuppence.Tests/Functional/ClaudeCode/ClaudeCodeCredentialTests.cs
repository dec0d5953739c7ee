using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional.ClaudeCode;

/// <summary>Nothing that a client or the configuration proves itself with reaches the user's program.</summary>
public sealed class ClaudeCodeCredentialTests : IDisposable
{
    private const string Canary = "sk-ant-api03-canary-5e1f7c";
    private const string GatewayKey = "gateway-canary-0123456789";

    private readonly TalkingProgram program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData("x-api-key", "")]
    [InlineData("authorization", "Bearer ")]
    [InlineData("api-key", "")]
    [InlineData("x-goog-api-key", "")]
    [InlineData("x-amz-security-token", "")]
    [InlineData("proxy-authorization", "Basic ")]
    [InlineData("cookie", "session=")]
    [InlineData("x-custom-secret", "")]
    public async Task No_header_line_of_a_client(string name, string before)
    {
        await using var gateway = await TestGateway.StartAsync(program.AsUpstream);

        var answer = await gateway.PostAsync("""{"model":"claude-haiku-4-5","max_tokens":64,"messages":[{"role":"user","content":"Hello"}]}""", headers: $"{name}: {before}{Canary}\r\n");

        Assert.Equal(200, answer.Status);
        Assert.Contains("\"Hello\"", program.Calls, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, program.Calls, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, gateway.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($$""" "metadata":{"user_id":"{{Canary}}"} """)]
    [InlineData($$""" "mcp_servers":[{"type":"url","url":"https://mcp.example","name":"m","authorization_token":"{{Canary}}"}] """)]
    [InlineData($$""" "container":"{{Canary}}" """)]
    [InlineData($$""" "api_key":"{{Canary}}" """)]
    public async Task No_member_of_a_body_that_is_none_of_the_conversation(string member)
    {
        await using var gateway = await TestGateway.StartAsync(program.AsUpstream);

        await gateway.PostAsync($$"""{"model":"claude-haiku-4-5","max_tokens":64,{{member}},"messages":[{"role":"user","content":"Hello"}]}""");

        Assert.DoesNotContain(Canary, program.Calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_gateway_key_and_no_key_of_another_upstream()
    {
        await using var gateway = await TestGateway.StartAsync(config => program.AsUpstream(config) with
        {
            GatewayKeys = [new Secret(GatewayKey)],
            Upstreams = new Dictionary<string, Tuppence.Configuration.UpstreamConfig>(StringComparer.Ordinal)
            {
                ["anthropic"] = new() { Url = Tuppence.Configuration.UpstreamConfig.AnthropicUrl, ApiKey = new Secret(Canary) },
            },
        });

        var answer = await gateway.PostAsync("""{"model":"claude-haiku-4-5","max_tokens":64,"messages":[{"role":"user","content":"Hello"}]}""", headers: $"x-api-key: {GatewayKey}\r\n");

        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain(Canary, program.Calls, StringComparison.Ordinal);
        Assert.DoesNotContain(GatewayKey, program.Calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_our_own_environment_that_leads_back_here_or_holds_a_key()
    {
        await using var gateway = await TestGateway.StartAsync(config =>
        {
            var with = program.AsUpstream(config);
            return with with
            {
                ClaudeCode = with.ClaudeCode with
                {
                    Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["PATH"] = "/usr/bin:/bin",
                        ["LANG"] = "C.UTF-8",
                        ["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:1",
                        ["ANTHROPIC_API_KEY"] = Canary,
                        ["ANTHROPIC_AUTH_TOKEN"] = Canary,
                        ["CLAUDE_CODE_OAUTH_TOKEN"] = Canary,
                        ["TUPPENCE_GATEWAY_KEYS"] = GatewayKey,
                        ["AWS_SECRET_ACCESS_KEY"] = Canary,
                    },
                },
            };
        });

        var answer = await gateway.PostAsync("""{"model":"claude-haiku-4-5","max_tokens":64,"messages":[{"role":"user","content":"Hello"}]}""");

        Assert.Equal(200, answer.Status);
        Assert.Contains("env LANG=C.UTF-8", program.Calls, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, program.Calls, StringComparison.Ordinal);
        Assert.DoesNotContain(GatewayKey, program.Calls, StringComparison.Ordinal);
        Assert.DoesNotContain("http://127.0.0.1:1\n", program.Calls, StringComparison.Ordinal);
    }
}
