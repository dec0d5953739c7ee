using System.Text;
using Tuppence.Thrift.KeepAlive;

namespace Tuppence.Tests.Unit.Thrift.KeepAlive;

public sealed class PingBodyTests
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hi\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}]}]";

    [Theory]
    [InlineData(
        "{\"max_tokens\": 1024,\"stream\":true," + Messages + ",\"thinking\":{\"type\":\"adaptive\"},\"tool_choice\":{\"type\":\"auto\"}}",
        "{\"max_tokens\": 0,\"stream\":false," + Messages + ",\"thinking\":{\"type\":\"adaptive\"},\"tool_choice\":{\"type\":\"auto\"}}")]
    [InlineData("{" + Messages + "}", "{\"max_tokens\":0," + Messages + "}")]
    [InlineData("{\"max_tokens\":1,\"max_tokens\":2," + Messages + "}", "{\"max_tokens\":0,\"max_tokens\":0," + Messages + "}")]
    [InlineData("{\"output_config\":{\"effort\":\"low\"}," + Messages + "}", "{\"max_tokens\":0,\"output_config\":{\"effort\":\"low\"}," + Messages + "}")]
    public void A_ping_is_the_request_without_an_answer(string sent, string expected)
    {
        Assert.True(PingBody.TryMake(Encoding.UTF8.GetBytes(sent), out var ping, out var refusal));
        Assert.Equal(PingRefusal.None, refusal);
        Assert.Equal(expected, Encoding.UTF8.GetString(ping));
    }

    [Theory]
    [InlineData("{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}," + Messages + "}", PingRefusal.Thinking)]
    [InlineData("{\"tool_choice\":{\"type\":\"any\"}," + Messages + "}", PingRefusal.ForcedTool)]
    [InlineData("{\"tool_choice\":{\"name\":\"x\",\"type\":\"tool\"}," + Messages + "}", PingRefusal.ForcedTool)]
    [InlineData("{\"output_config\":{\"format\":{\"type\":\"json_schema\"}}," + Messages + "}", PingRefusal.StructuredOutput)]
    [InlineData("{\"output_format\":{\"type\":\"json_schema\"}," + Messages + "}", PingRefusal.StructuredOutput)]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", PingRefusal.NoBreakpoint)]
    [InlineData("{\"messages\":[]}", PingRefusal.Unreadable)]
    [InlineData("no JSON", PingRefusal.Unreadable)]
    public void What_the_API_would_reject_or_keep_elsewhere_has_no_ping(string sent, PingRefusal expected)
    {
        Assert.False(PingBody.TryMake(Encoding.UTF8.GetBytes(sent), out var ping, out var refusal));
        Assert.Null(ping);
        Assert.Equal(expected, refusal);
    }
}
