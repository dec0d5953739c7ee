namespace Tuppence.Tests.Unit.Thrift;

public sealed class PromptReaderTests
{
    [Fact]
    public void A_text_is_the_same_in_a_string_and_in_a_block()
    {
        var text = ThriftBodies.Read(ThriftBodies.Utf8("""{"model":"m","system":"Be kind.","messages":[{"role":"user","content":"Hello"}]}"""));
        var block = ThriftBodies.Read(ThriftBodies.Utf8("""{"model":"m","system":[{"type":"text","text":"Be kind."}],"messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}]}"""));
        Assert.Equal(text.Blocks[^1].Prefix, block.Blocks[^1].Prefix);
        Assert.Equal(text.Tokens, block.Tokens);
    }

    [Theory]
    [InlineData("""{"type":"text","text":"a"}""", """{"cache_control":{"type":"ephemeral"},"type":"text","text":"a"}""")]
    [InlineData("""{"type":"text","text":"a"}""", """{ "type" : "text" , "cache_control" : {"type":"ephemeral","ttl":"1h"} , "text":"a" }""")]
    [InlineData("""{"type":"tool_result","tool_use_id":"t","content":"x"}""", """{"type":"tool_result","tool_use_id":"t","content":"x","cache_control":{"type":"ephemeral"}}""")]
    [InlineData("""{"type":"tool_result","tool_use_id":"t","content":"x"}""", """{"type":"tool_result","cache_control":{"type":"ephemeral"},"tool_use_id":"t","content":"x"}""")]
    [InlineData(
        """{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"x"},{"type":"text","text":"y"}]}""",
        """{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}},{"cache_control":{"type":"ephemeral"},"type":"text","text":"y"}],"cache_control":{"type":"ephemeral"}}""")]
    public void A_cache_control_is_not_part_of_what_a_block_says(string plain, string marked)
    {
        var one = ThriftBodies.Read(Message(plain));
        var other = ThriftBodies.Read(Message(marked));
        Assert.Equal(one.Blocks[^1].Prefix, other.Blocks[^1].Prefix);
        Assert.Equal(one.Tokens, other.Tokens);
    }

    [Fact]
    public void What_else_a_block_says_is_part_of_it()
    {
        var one = ThriftBodies.Read(Message("""{"type":"text","text":"a"}"""));
        var other = ThriftBodies.Read(Message("""{"type":"text","text":"a","citations":[]}"""));
        Assert.NotEqual(one.Blocks[^1].Prefix, other.Blocks[^1].Prefix);
    }

    [Theory]
    [InlineData(""","thinking":{"type":"enabled","budget_tokens":2048}""")]
    [InlineData(""","tool_choice":{"type":"any"}""")]
    [InlineData(""","output_config":{"effort":"low"}""")]
    public void Settings_change_the_messages_only(string settings)
    {
        var one = ThriftBodies.Read(With(""));
        var other = ThriftBodies.Read(With(settings));
        Assert.Equal(one.Blocks[1].Prefix, other.Blocks[1].Prefix);
        Assert.NotEqual(one.Blocks[2].Prefix, other.Blocks[2].Prefix);
    }

    [Theory]
    [InlineData(""","temperature":0.3""")]
    [InlineData(""","max_tokens":9""")]
    [InlineData(""","thinking":{"type":"adaptive","display":"omitted"}""", ""","thinking":{"type":"adaptive"}""")]
    public void What_is_not_rendered_changes_nothing(string settings, string without = "")
    {
        Assert.Equal(ThriftBodies.Read(With(without)).Blocks[^1].Prefix, ThriftBodies.Read(With(settings)).Blocks[^1].Prefix);
    }

    [Fact]
    public void A_run_of_tool_calls_is_one_position()
    {
        var call = """{"type":"tool_use","id":"a","name":"n","input":{}}""";
        var prompt = ThriftBodies.Read(ThriftBodies.Utf8(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"t\"}," + call + "," + call + "," + call + "]}]}"));
        Assert.Equal([0, 1, 2, 2, 2], prompt.Blocks.ToArray().Select(static block => block.Position));
    }

    private static byte[] Message(string block) => ThriftBodies.Utf8("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[" + block + "]}]}");

    private static byte[] With(string settings) => ThriftBodies.Utf8(
        """{"model":"m","tools":[{"name":"n","input_schema":{}}],"system":"s","messages":[{"role":"user","content":"q"}]""" + settings + "}");
}
