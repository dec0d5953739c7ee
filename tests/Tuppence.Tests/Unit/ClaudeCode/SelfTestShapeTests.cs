using System.Text;
using Tuppence.Upstreams.ClaudeCode.Program;

namespace Tuppence.Tests.Unit.ClaudeCode;

/// <summary>Bodies as Claude Code 2.1.330 sends them in the self-test, and what may differ.</summary>
public sealed class SelfTestShapeTests
{
    private const string UserAgent = "claude-cli/2.1.330 (external, sdk-cli, client-app/tuppence/1.2.3)";

    private const string Body = """
        {"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"/help @README.md first question"},{"role":"assistant","content":[{"type":"text","text":"first answer"}]},{"role":"user","content":[{"type":"text","text":"<system-reminder>\n# Environment\n</system-reminder>"},{"type":"text","text":"second question","cache_control":{"type":"ephemeral"}}]}],"system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=2.1.330.49c; cc_entrypoint=sdk-cli;"},{"type":"text","text":"You are a Claude agent, built on Anthropic's Claude Agent SDK.","cache_control":{"type":"ephemeral"}},{"type":"text","text":"Tuppence tries out\n  whether this arrives as it was sent.","cache_control":{"type":"ephemeral"}}],"tools":[{"name":"look_up","description":"Looks something up.","input_schema":{"type":"object"}}],"tool_choice":{"type":"auto","disable_parallel_tool_use":true},"max_tokens":1234,"thinking":{"type":"disabled"},"temperature":0.25,"stop_sequences":["\nself-test:"],"stream":true}
        """;

    [Fact]
    public void The_request_of_the_measured_version_is_as_it_must_be() => Assert.Null(Difference(Body));

    [Theory]
    [InlineData("{\"type\":\"text\",\"text\":\"<system-reminder>\\n# Environment\\n</system-reminder>\"},", "")]
    [InlineData("\"cache_control\":{\"type\":\"ephemeral\"}}]}],", "\"x\":1}]},{\"role\":\"system\",\"content\":[{\"type\":\"text\",\"text\":\"# Environment\"}],\"output_config\":{\"effort\":\"medium\"}}],")]
    [InlineData(",\"thinking\":{\"type\":\"disabled\"}", "")]
    public void Its_own_notes_and_members_that_say_nothing_may_be_elsewhere_or_missing(string found, string instead) => Assert.Null(Difference(Swap(found, instead)));

    [Theory]
    [InlineData("claude-sonnet-4-5", "claude-haiku-4-5", "did not take the model")]
    [InlineData("\"stream\":true", "\"stream\":false", "did not ask for a stream")]
    [InlineData("1234", "32000", "did not take max_tokens")]
    [InlineData("0.25", "1", "did not take the sampling parameters")]
    [InlineData(",\"stop_sequences\":[\"\\nself-test:\"]", "", "did not take the stop sequences")]
    [InlineData("\"type\":\"disabled\"", "\"type\":\"adaptive\"", "did not switch thinking off")]
    [InlineData("\"tools\":[", "\"tools\":[{\"name\":\"Bash\"},", "did not offer the client's tool, under its name and alone")]
    [InlineData("\"name\":\"look_up\"", "\"name\":\"mcp__gw__look_up\"", "did not offer the client's tool, under its name and alone")]
    [InlineData("\"tool_choice\":{\"type\":\"auto\",\"disable_parallel_tool_use\":true},", "", "did not take tool_choice")]
    [InlineData("Tuppence tries out\\n  whether", "Tuppence tries out whether", "did not put the system prompt, as it was, behind its own two blocks")]
    [InlineData("{\"type\":\"text\",\"text\":\"x-anthropic-billing-header: cc_version=2.1.330.49c; cc_entrypoint=sdk-cli;\"},", "", "did not put the system prompt, as it was, behind its own two blocks")]
    [InlineData("{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"first answer\"}]},", "", "did not send the three messages of the chat")]
    [InlineData("/help @README.md first question", "<command-name>/help</command-name>", "changed a message that looks like a command")]
    [InlineData("first answer", "First answer", "changed an answer of the history")]
    [InlineData("second question", "second question, please", "did not end with the last message")]
    [InlineData("{\"model\"", "{\"mo", "sent a request that is not of the Messages API's form")]
    [InlineData("\"messages\"", "\"turns\"", "sent a request that is not of the Messages API's form")]
    [InlineData("\"max_tokens\":1234", "\"max_tokens\":\"1234\"", "sent a request that is not of the Messages API's form")]
    public void What_is_otherwise_is_told(string found, string instead, string words) => Assert.Equal(words, Difference(Swap(found, instead)));

    [Fact]
    public void More_than_one_request_for_one_answer_is_told() =>
        Assert.Equal("sent 2 requests for one answer", SelfTestShape.Difference([Request(Body), Request(Body)], "tuppence/1.2.3"));

    [Fact]
    public void No_request_at_all_is_told() => Assert.Equal("sent 0 requests for one answer", SelfTestShape.Difference([], "tuppence/1.2.3"));

    [Fact]
    public void A_request_that_does_not_name_us_is_told() =>
        Assert.Equal("does not name Tuppence in its User-Agent", SelfTestShape.Difference([Request(Body)], "tuppence/9.9.9"));

    private static string? Difference(string body) => SelfTestShape.Difference([Request(body)], "tuppence/1.2.3");

    private static SelfTestRequest Request(string body) => new("POST", "/v1/messages?beta=true", UserAgent, Encoding.UTF8.GetBytes(body));

    private static string Swap(string found, string instead)
    {
        Assert.Contains(found, Body, StringComparison.Ordinal);
        return Body.Replace(found, instead, StringComparison.Ordinal);
    }
}
