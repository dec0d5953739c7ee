using System.Text;
using System.Text.Json;
using Tuppence.Upstreams.ClaudeCode.Answers;

namespace Tuppence.Tests.Unit.Upstreams.ClaudeCode;

public sealed class MessageAssemblyTests
{
    private readonly MessageAssembly assembly = new();

    [Fact]
    public void Every_kind_of_block_is_put_together()
    {
        Take(
            """{"type":"message_start","message":{"id":"m","type":"message","content":[],"stop_reason":null,"usage":{"input_tokens":5,"output_tokens":1,"cache_read_input_tokens":3}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"so\n"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"\ud83d"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"\ude00"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"a"}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"\"b"}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"n":1}}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"n":2}}}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t","name":"x","input":{}}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":\"é\\"}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"\"\"}"}}""",
            """{"type":"content_block_start","index":3,"content_block":{"type":"new_kind","data":"x","level":1}}""",
            """{"type":"content_block_delta","index":3,"delta":{"type":"new_delta","data":"y","level":2,"more":[1]}}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":9},"context_management":{"applied_edits":[]}}""",
            """{"type":"message_stop"}""");
        Assert.True(assembly.TryWrite(out var json));
        var message = JsonDocument.Parse(json).RootElement;
        Assert.Equal(
            """[{"type":"thinking","thinking":"so\n\ud83d\ude00","signature":"c2ln"},{"type":"text","text":"a\"b","citations":[{"n":1},{"n":2}]},{"type":"tool_use","id":"t","name":"x","input":{"a":"é\""}},{"type":"new_kind","data":"xy","level":2,"more":[1]}]""",
            message.GetProperty("content").GetRawText());
        Assert.Equal("tool_use", message.GetProperty("stop_reason").GetString());
        Assert.Equal("""{"input_tokens":5,"cache_read_input_tokens":3,"output_tokens":9}""", message.GetProperty("usage").GetRawText());
        Assert.Equal("""{"applied_edits":[]}""", message.GetProperty("context_management").GetRawText());
    }

    [Fact]
    public void Input_that_was_cut_off_is_empty()
    {
        Take(
            """{"type":"message_start","message":{"content":[]}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"x","input":{}}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}""");
        Assert.True(assembly.TryWrite(out var json));
        Assert.Equal("""{"content":[{"type":"tool_use","id":"t","name":"x","input":{}}]}""", Encoding.UTF8.GetString(json.Span));
    }

    [Fact]
    public void Without_a_beginning_there_is_no_message()
    {
        Take("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""", """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""");
        Assert.False(assembly.TryWrite(out _));
    }

    [Fact]
    public void Blocks_at_odd_places_do_no_harm()
    {
        Take(
            """{"type":"message_start","message":{"content":[]}}""",
            """{"type":"content_block_start","index":-1,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_start","index":1e9,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":7,"delta":{"type":"text_delta","text":"x"}}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"y"}}""");
        Assert.True(assembly.TryWrite(out var json));
        Assert.Equal("""{"content":[{"type":"text","text":"y"}]}""", Encoding.UTF8.GetString(json.Span));
    }

    private void Take(params string[] events)
    {
        foreach (var one in events)
        {
            assembly.Take(Encoding.UTF8.GetBytes(one.Split('"')[3]), Encoding.UTF8.GetBytes(one));
        }
    }
}
