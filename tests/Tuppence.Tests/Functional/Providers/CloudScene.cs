using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional.Providers;

/// <summary>A gateway whose only upstream is a provider, played by a script.</summary>
internal static class CloudScene
{
    public const string Body = """{"model":"claude-sonnet-4-5","max_tokens":64,"stream":true,"messages":[{"role":"user","content":"Hello"}]}""";

    public static UpstreamConfig Of(Provider provider) => new()
    {
        Provider = provider,
        Region = "us-east-1",
        Project = "proj",
        Workspace = "wrkspc_1",
        ApiKey = new Secret("a-key-of-the-cloud"),
        Auth = AuthScheme.Bearer,
    };

    public static Task<TestGateway> StartAsync(ScriptedUpstream upstream, Provider provider, Func<UpstreamConfig, UpstreamConfig>? change = null, TimeProvider? time = null) =>
        TestGateway.StartAsync(
            config => config with
            {
                // A clock that a test moves in steps must not meet the idle limit on its way.
                Timeouts = time is null ? config.Timeouts : config.Timeouts with { Idle = TimeSpan.FromDays(1) },
                Upstream = "cloud",
                Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["cloud"] = (change ?? (static same => same))(Of(provider) with { Url = upstream.Url }) },
            },
            time);
}
