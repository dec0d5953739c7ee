using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.ClaudeCode.Program;

namespace Tuppence.Tests.Unit.ClaudeCode;

public sealed class ProgramEnvironmentTests
{
    private static readonly Dictionary<string, string> Ours = new(StringComparer.Ordinal)
    {
        ["PATH"] = "/bin",
        ["HOME"] = "/home/someone",
        ["LANG"] = "C.UTF-8",
        ["HTTPS_PROXY"] = "http://proxy:3128",
        ["SSL_CERT_FILE"] = "/etc/ssl/corporate.pem",
        ["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:8080",
        ["ANTHROPIC_API_KEY"] = "sk-ours",
        ["ANTHROPIC_AUTH_TOKEN"] = "ours",
        ["ANTHROPIC_CUSTOM_HEADERS"] = "x: y",
        ["CLAUDE_CODE_OAUTH_TOKEN"] = "ours",
        ["CLAUDE_CONFIG_DIR"] = "/elsewhere",
        ["CLAUDE_CODE_EXTRA_BODY"] = "{}",
        ["CLAUDE_CODE_MAX_RETRIES"] = "9",
        ["CLAUDECODE"] = "1",
        ["TUPPENCE_KEY"] = "tpk",
        ["AWS_SECRET_ACCESS_KEY"] = "aws",
        ["NODE_OPTIONS"] = "--require /tmp/evil.js",
        ["LD_PRELOAD"] = "/tmp/evil.so",
        ["DISABLE_TELEMETRY"] = "0",
    };

    private static readonly string[] Switches =
    [
        "DISABLE_AUTOUPDATER=1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1", "DISABLE_TELEMETRY=1", "CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK=1",
        "CLAUDE_CODE_MAX_RETRIES=1", "API_TIMEOUT_MS=600000", "DISABLE_COMPACT=1", "CLAUDE_CODE_DISABLE_ATTACHMENTS=1", "ENABLE_CLAUDEAI_MCP_SERVERS=false",
        "CLAUDE_AGENT_SDK_CLIENT_APP=tuppence/1.2.3", "CLAUDE_AGENT_SDK_MCP_NO_PREFIX=1", "ENABLE_TOOL_SEARCH=false",
    ];

    private static readonly ClaudeCodeOptions Options = new() { ClientApp = "tuppence/1.2.3", Variables = Ours };

    [Fact]
    public void Of_our_environment_only_the_listed_variables_reach_answers() =>
        Assert.Equal(
            [.. Switches.Concat(["PATH=/bin", "HOME=/home/someone", "LANG=C.UTF-8", "HTTPS_PROXY=http://proxy:3128", "SSL_CERT_FILE=/etc/ssl/corporate.pem"]).Order(StringComparer.Ordinal)],
            Lines(ProgramEnvironment.ForAnswers(Options)), StringComparer.Ordinal);

    [Fact]
    public void The_self_test_has_a_home_and_a_key_of_its_own_and_no_way_to_the_network() =>
        Assert.Equal(
            [.. Switches.Concat(["PATH=/bin", "HOME=/throw-away", "LANG=C.UTF-8", "SSL_CERT_FILE=/etc/ssl/corporate.pem", "ANTHROPIC_BASE_URL=http://127.0.0.1:5", "ANTHROPIC_API_KEY=tuppence-self-test-no-key"]).Order(StringComparer.Ordinal)],
            Lines(ProgramEnvironment.ForSelfTest(Options, "/throw-away", new Uri("http://127.0.0.1:5/"))), StringComparer.Ordinal);

    [Fact]
    public void Questions_about_the_program_reach_its_own_home() =>
        Assert.Equal(
            [.. ((string[])["DISABLE_AUTOUPDATER=1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1", "DISABLE_TELEMETRY=1", "PATH=/bin", "HOME=/home/someone", "LANG=C.UTF-8", "HTTPS_PROXY=http://proxy:3128", "SSL_CERT_FILE=/etc/ssl/corporate.pem"]).Order(StringComparer.Ordinal)],
            Lines(ProgramEnvironment.ForQuestions(Options)), StringComparer.Ordinal);

    private static IEnumerable<string> Lines(IReadOnlyDictionary<string, string> variables) => variables.Select(static pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal);
}
