using System.Text;
using Tuppence.Configuration;
using Tuppence.Tests.Golden.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Golden;

/// <summary>What a request becomes at each provider: one file a case in <c>providers/</c>, the request as it came and as it went out, and what the client is told.</summary>
public sealed class ProviderGoldenTests
{
    private const string Body = """
        {
          "model": "claude-sonnet-4-5",
          "max_tokens": 64,
          "stream": true,
          "messages": [{"role": "user", "content": "Grüße  \u00e9"}]
        }
        """;

    private static readonly Dictionary<string, Case> Cases = new(StringComparer.Ordinal)
    {
        ["bedrock-stream"] = new(Of(Provider.Bedrock)),
        ["bedrock-plain"] = new(Of(Provider.Bedrock) with { Region = "eu-central-1" }) { Body = """{"stream":false,"messages":[],"max_tokens":1,"model":"claude-opus-5"}""" },
        ["bedrock-elsewhere"] = new(Of(Provider.Bedrock) with { Region = "sa-east-1" }) { Body = """{"model":"claude-opus-4-20250514","messages":[]}""" },
        ["bedrock-version-2026"] = new(Of(Provider.Bedrock)) { Headers = "anthropic-version: 2026-10-21\r\n" },
        ["bedrock-betas"] = new(Of(Provider.Bedrock)) { Headers = "anthropic-beta: interleaved-thinking-2025-05-14, claude-code-20250219\r\nanthropic-beta: x-2026-01-01\r\nanthropic-user-profile-id: up_1\r\n" },
        ["bedrock-own-members"] = new(Of(Provider.Bedrock))
        {
            Headers = "anthropic-beta: a-2026-01-01\r\n",
            Body = """{"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["own"],"model":"us.anthropic.claude-opus-5","model":"global.anthropic.claude-opus-5","messages":[]}""",
        },
        ["bedrock-alias-to-arn"] = new(Of(Provider.Bedrock) with { ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["claude-sonnet-4-5"] = "arn:aws:bedrock:us-east-1:1:inference-profile/a;b c" } }),
        ["bedrock-messages"] = new(Of(Provider.BedrockMessages)) { Headers = "anthropic-beta: oauth-2025-04-20,keep-2026-01-01\r\n" },
        ["bedrock-messages-count"] = new(Of(Provider.BedrockMessages)) { Path = "/v1/messages/count_tokens", Body = """{"model":"claude-opus-5","messages":[]}""" },
        ["claude-on-aws"] = new(Of(Provider.ClaudeOnAws) with { Workspace = "wrkspc_1" }),
        ["claude-on-aws-own-workspace"] = new(Of(Provider.ClaudeOnAws) with { Workspace = "wrkspc_1" }) { Headers = "anthropic-workspace-id: wrkspc_2\r\n" },
        ["vertex-stream"] = new(Of(Provider.Vertex) with { Region = "us-east5", Project = "proj" }) { Headers = "anthropic-beta: a-2026-01-01\r\n" },
        ["vertex-plain"] = new(Of(Provider.Vertex) with { Region = "global", Project = "example.com:proj" }) { Path = "/v1/messages?beta=true", Body = """{"model":"claude-3-5-haiku-20241022","messages":[]}""" },
        ["vertex-count"] = new(Of(Provider.Vertex) with { Region = "eu", Project = "proj" }) { Path = "/v1/messages/count_tokens", Body = """{"model":"claude-sonnet-4-5","messages":[]}""" },
        ["claude-on-google-cloud"] = new(Of(Provider.ClaudeOnGoogleCloud)) { Path = "/v1/models?limit=2", Body = "" },
        ["foundry"] = new(Of(Provider.Foundry) with { Auth = AuthScheme.ApiKey, ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["claude-sonnet-4-5"] = "my-deployment" } }),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_request_becomes_what_the_provider_takes(string name)
    {
        var one = Cases[name];
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(config => config with
        {
            Upstream = "cloud",
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["cloud"] = one.Upstream with { Url = upstream.Url + one.Prefix } },
        });
        var version = one.Headers.Contains("anthropic-version", StringComparison.Ordinal) ? "" : "anthropic-version: 2023-06-01\r\n";
        var request = one.Body.Length == 0 ? RawClient.Get(one.Path, version + one.Headers) : RawClient.Post(one.Path, one.Body, version + one.Headers);
        var response = await gateway.SendAsync(request);

        var text = new StringBuilder();
        text.Append("# request\n").Append(one.Body.Length == 0 ? "GET " : "POST ").Append(one.Path).Append('\n').Append((version + one.Headers).ReplaceLineEndings("\n"));
        text.Append(one.Body.Length == 0 ? "" : "\n" + one.Body.ReplaceLineEndings("\n") + "\n");
        var call = Assert.Single(upstream.Calls);
        text.Append("\n# at the provider\n").Append(call.RequestLine).Append('\n');
        foreach (var (header, value) in call.Headers.Where(static line => line.Name is not ("Host" or "Content-Length" or "Content-Type")))
        {
            text.Append(header).Append(": ").Append(value).Append('\n');
        }

        text.Append(call.Body.Length == 0 ? "" : "\n" + call.Text.ReplaceLineEndings("\n") + "\n");
        text.Append("\n# told to the client\n").Append(response["x-tuppence-edits"] ?? "nothing").Append('\n');
        GoldenText.Matches(text.ToString(), "tests", "Tuppence.Tests", "Golden", "providers", name + ".txt");
    }

    private static UpstreamConfig Of(Provider provider) => new() { Provider = provider, Region = "us-east-1", ApiKey = new Secret("a-key-of-the-cloud"), Auth = AuthScheme.Bearer };

    private sealed record Case(UpstreamConfig Upstream)
    {
        public string Path { get; init; } = "/v1/messages";

        public string Headers { get; init; } = "";

        public string Body { get; init; } = ProviderGoldenTests.Body;

        public string Prefix => Upstream.Provider is Provider.BedrockMessages or Provider.Foundry ? "/anthropic" : "";
    }
}
