using System.Text;
using Tuppence.Messages.Requests;

namespace Tuppence.Tests.Unit;

public sealed class MessagesBodyTests
{
    [Theory]
    [InlineData("", 1, 1, "unexpected end")]
    [InlineData("[]", 1, 1, "expected '{'")]
    [InlineData("{\"a\":1,}", 1, 8, "member name")]
    [InlineData("{\n  \"é\": tru\n}", 2, 8, "expected a value")]
    [InlineData("{\"a\":01}", 1, 7, "number")]
    [InlineData("{\"a\":1.}", 1, 8, "number")]
    [InlineData("{\"a\" 1}", 1, 6, "':'")]
    [InlineData("{\"a\":[1 2]}", 1, 9, "','")]
    [InlineData("{\"a\":\"b\tc\"}", 1, 8, "control character 0x09")]
    [InlineData("{\"a\":\"b\\xc\"}", 1, 8, "escape")]
    [InlineData("{\"a\":\"b", 1, 6, "not closed")]
    [InlineData("{\"a\":1} x", 1, 9, "nothing more")]
    [InlineData("{\"a\":{\"b\":[}}", 1, 12, "expected a value")]
    public void A_malformed_body_is_refused_with_place_and_reason(string json, int line, int column, string reason)
    {
        Assert.False(MessageBody.TryRead(Encoding.UTF8.GetBytes(json), out _, out var fault));
        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.Contains($"line {line}, column {column}", fault.Message, StringComparison.Ordinal);
        Assert.Null(fault.Rule);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Nesting_is_bounded_at_64_levels_unless_raised(int levels, bool accepted)
    {
        var json = Encoding.UTF8.GetBytes("{\"a\":" + new string('[', levels - 1) + new string(']', levels - 1) + "}");
        Assert.Equal(accepted, MessageBody.TryRead(json, out _, out _));
        Assert.True(MessageBody.TryRead(json, out _, out _, maxDepth: 65));
    }

    [Theory]
    [InlineData("{\"messages\":[", "{}", "]}")]
    [InlineData("{\"system\":[", "1", "]}")]
    [InlineData("{", "\"a\":1", "}")]
    public void A_body_of_endless_small_parts_is_refused(string open, string part, string close)
    {
        var json = open + string.Join(',', Enumerable.Repeat(part, MessageBody.MostEntries + 1)) + close;
        Assert.False(MessageBody.TryRead(Encoding.UTF8.GetBytes(json), out _, out var fault));
        Assert.Contains("more than 1000000", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_blocks_and_marks_are_found_where_they_stand()
    {
        var json = """
            {"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],
             "messages":[{"role":"user","content":"hi"},{"content":[{"type":"text","text":"a"},{"type":"image"}],"role":"assistant"}]}
            """u8.ToArray();
        Assert.True(MessageBody.TryRead(json, out var body, out _));
        Assert.Equal("{\"type\":\"ephemeral\"}"u8, body.SystemBlocks[0].CacheControl.Of(json));
        Assert.Equal(MessageRole.User, body.Messages[0].Role);
        Assert.Equal("\"hi\""u8, body.Messages[0].Content.Of(json));
        Assert.Equal(0, body.Messages[0].BlockCount);
        Assert.Equal(MessageRole.Assistant, body.Messages[1].Role);
        Assert.Equal("\"a\""u8, body.BlocksOf(body.Messages[1])[0].Text.Of(json));
        Assert.Equal("\"image\""u8, body.BlocksOf(body.Messages[1])[1].Type.Of(json));
    }

    [Fact]
    public void Of_members_with_one_name_the_last_counts_however_it_is_escaped()
    {
        var json = """{"model":"a","messages":[{"role":"user","content":[{"type":"text"}]}],"\u006dodel":"b","messages":[{"role":"assistant","content":"x","content":[]}]}"""u8.ToArray();
        Assert.True(MessageBody.TryRead(json, out var body, out _));
        Assert.True(body.TryFind("model"u8, out var model));
        Assert.Equal("\"b\""u8, model.Value.Of(json));
        Assert.Equal(1, body.Messages.Length);
        Assert.Equal(MessageRole.Assistant, body.Messages[0].Role);
        Assert.Equal("[]"u8, body.Messages[0].Content.Of(json));
        Assert.True(BodyPeek.TryModel(json, out var peeked));
        Assert.Equal("b", peeked);
    }

    [Theory]
    [InlineData("{\"model\":\"m\\u00e9\",\"stream\":true}", true, "mé", true, true)]
    [InlineData("{\"messages\":[],\"model\":\"m\"}", true, "m", true, false)]
    [InlineData("{\"model\":7,\"stream\":\"yes\"}", false, "", false, false)]
    [InlineData("{\"model\":\"m\"", false, "", false, false)]
    [InlineData("", false, "", false, false)]
    public void Model_and_stream_can_be_peeked_at_without_reading_the_body(string json, bool hasModel, string model, bool hasStream, bool stream)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Assert.Equal(hasModel, BodyPeek.TryModel(bytes, out var foundModel));
        Assert.Equal(model, foundModel);
        Assert.Equal(hasStream, BodyPeek.TryStream(bytes, out var foundStream));
        Assert.Equal(stream, foundStream);
    }

    [Fact]
    public void Bytes_inside_strings_need_not_be_valid_UTF8()
    {
        byte[] json = [.. "{\"a\":\""u8, 0xFF, 0xC3, .. "\"}"u8];
        Assert.True(MessageBody.TryRead(json, out _, out _));
    }
}
