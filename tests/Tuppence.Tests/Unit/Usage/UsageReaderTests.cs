using System.Text;
using Tuppence.Messages.Usage;

namespace Tuppence.Tests.Unit.Usage;

public sealed class UsageReaderTests
{
    private const string Start =
        """
        event: message_start
        data: {"type":"message_start","message":{"id":"m","content":[],"usage":{"input_tokens":12,"cache_creation_input_tokens":300,"cache_read_input_tokens":4000,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":1,"service_tier":"standard"}}}


        """;

    private const string Delta =
        """
        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\"usage\":{\"input_tokens\":99}"},"usage":{"input_tokens":7}}


        """;

    private const string End =
        """
        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":57}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    [Fact]
    public void A_stream_tells_its_input_in_the_first_event_and_its_output_in_the_last()
    {
        var usage = ReadStream(Start + Delta + End);
        Assert.Equal(new TokenUsage(12, 4000, 300, 200, 57), usage);
        Assert.Equal(4312, usage.Input);
    }

    [Fact]
    public void The_last_word_of_a_stream_counts() =>
        Assert.Equal(
            new TokenUsage(20, 5000, 300, 200, 9),
            ReadStream(Start + "event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"input_tokens\":20,\"cache_read_input_tokens\":5000,\"output_tokens\":9}}\n\n"));

    [Fact]
    public void A_whole_message_tells_its_usage_at_the_top() =>
        Assert.Equal(
            new TokenUsage(5, 6, 7, null, 8),
            ReadJson("""{"id":"m","content":[{"type":"text","text":"usage"}],"model":"x","usage":{"input_tokens":5,"cache_read_input_tokens":6,"cache_creation_input_tokens":7,"output_tokens":8}}"""));

    [Fact]
    public void Several_samplings_of_a_request_are_added_up() =>
        Assert.Equal(
            new TokenUsage(30, 300, 3, 2, 70),
            ReadJson("""
                {"usage":{"input_tokens":20,"output_tokens":40,"iterations":[
                  {"type":"message","input_tokens":10,"cache_read_input_tokens":100,"cache_creation_input_tokens":1,"cache_creation":{"ephemeral_1h_input_tokens":1},"output_tokens":30},
                  {"type":"message","input_tokens":20,"cache_read_input_tokens":200,"cache_creation_input_tokens":2,"cache_creation":{"ephemeral_1h_input_tokens":1},"output_tokens":40}]}}
                """));

    [Theory]
    [InlineData("""{"usage":{"iterations":[],"input_tokens":1}}""", 1)]
    [InlineData("""{"usage":{"iterations":null,"input_tokens":1}}""", 1)]
    [InlineData("""{"usage":{"cache_creation":null,"input_tokens":1}}""", 1)]
    [InlineData("""{"usage":{"server_tool_use":{"input_tokens":5,"x":[{"input_tokens":6}]},"input_tokens":1}}""", 1)]
    [InlineData("""{"content":[{"usage":{"input_tokens":9}}],"usage":{"input_tokens":1}}""", 1)]
    [InlineData("""{"metadata":{"usage":{"input_tokens":9}},"usage":{"input_tokens":1}}""", 1)]
    [InlineData("""{"message":{"message":{"usage":{"input_tokens":9}},"usage":{"input_tokens":1}}}""", 1)]
    [InlineData("""{"usage":{"input_tokens":99999999999999999999}}""", int.MaxValue)]
    [InlineData("""{"usage":{"input_tokens_2":5,"input_tokens":1,"input_tokens_of_a_very_long_name_indeed":6}}""", 1)]
    [InlineData("{\"usage\" : {\n \"input_tokens\" :\t1 } }", 1)]
    public void Only_the_usage_of_the_message_itself_counts(string json, int input)
    {
        var usage = ReadJson(json);
        Assert.Equal(input, usage.Uncached);
        Assert.Equal(0, usage.CacheRead);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[{\"usage\":{\"input_tokens\":1}}]")]
    [InlineData("""{"usage":null}""")]
    [InlineData("""{"usage":{"input_tokens":null}}""")]
    [InlineData("""{"usage":{"input_tokens":"12"}}""")]
    [InlineData("""{"usage":{"input_tokens":-3}}""")]
    [InlineData("""{"usage":{"input_tokens":1.5}}""")]
    [InlineData("""{"usage":{"input_tokens":[1]}}""")]
    [InlineData("""{"usage":[{"input_tokens":1}]}""")]
    [InlineData("""{"usage":{"output_tokens":3}}""")]
    [InlineData("""{"usage":{"input_tokens":12""")]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"usage"}}""")]
    public void Where_no_input_is_told_none_is_known(string json)
    {
        var reader = new UsageReader(isStream: false);
        reader.Feed(Encoding.UTF8.GetBytes(json));
        Assert.False(reader.HasInput);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Lines_may_end_in_any_way(string end) =>
        Assert.Equal(new TokenUsage(12, 4000, 300, 200, 57), ReadStream((Start + Delta + End).Replace("\n", end, StringComparison.Ordinal)));

    [Fact]
    public void Events_need_no_name_and_data_may_come_in_several_lines() =>
        Assert.Equal(
            new TokenUsage(12, 3, 0, null, 0),
            ReadStream(": hello\ndata: {\"type\":\"message_start\",\ndata: \"message\":{\"usage\":\ndata:{\"input_tokens\":12,\ndata: \"cache_read_input_tokens\":3}}}\n\n"));

    [Fact]
    public void A_stream_that_was_cut_keeps_what_it_told()
    {
        var reader = new UsageReader(isStream: true);
        reader.Feed(Encoding.UTF8.GetBytes(Start + Delta[..60]));
        Assert.True(reader.HasInput);
        Assert.Equal(new TokenUsage(12, 4000, 300, 200, 1), reader.Usage);
    }

    [Fact]
    public void What_an_answer_tells_of_itself_is_read_beside_its_usage()
    {
        const string Json = """{"model":"claude-haiku-4-5","id":"msg_1","content":[{"type":"tool_use","id":"toolu_1","input":{"model":"x","stop_reason":"y"}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":9,"output_tokens_details":{"thinking_tokens":4},"server_tool_use":{"web_search_requests":2,"web_fetch_requests":3},"service_tier":"priority","inference_geo":"us","speed":"fast"}}""";
        foreach (var step in (int[])[1, 3, 1000])
        {
            var reader = new UsageReader(isStream: false);
            foreach (var piece in Encoding.UTF8.GetBytes(Json).Chunk(step))
            {
                reader.Feed(piece);
            }

            Assert.Equal(("claude-haiku-4-5", "msg_1", "tool_use"), (reader.Model, reader.MessageId, reader.StopReason));
            Assert.Equal(("priority", "us", "fast", 4, 2, 3), (reader.ServiceTier, reader.InferenceGeo, reader.Speed, reader.Thinking, reader.WebSearches, reader.WebFetches));
            Assert.True(reader is { IsFinal: true, HasError: false });
        }
    }

    [Fact]
    public void A_stream_is_final_once_it_tells_why_it_stopped()
    {
        var reader = new UsageReader(isStream: true);
        reader.Feed(Encoding.UTF8.GetBytes(Start + Delta));
        Assert.False(reader.IsFinal);
        reader.Feed(Encoding.UTF8.GetBytes(End));
        Assert.Equal((true, "end_turn"), (reader.IsFinal, reader.StopReason));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void An_error_tells_its_type(bool isStream)
    {
        const string Json = """{"type":"error","error":{"type":"overloaded_error","message":"\"type\":\"x\""},"request_id":"req_1"}""";
        var reader = new UsageReader(isStream);
        reader.Feed(Encoding.UTF8.GetBytes(isStream ? $"{Start}event: error\ndata: {Json}\n\n" : Json));
        Assert.Equal((true, "overloaded_error", false), (reader.HasError, reader.ErrorType, reader.IsFinal));
    }

    [Theory]
    [InlineData("""{"model":"a\u0062"}""")]
    [InlineData("""{"model":null}""")]
    [InlineData("""{"model":["m"]}""")]
    [InlineData("""{"model":{"model":"m"}}""")]
    [InlineData("""{"model":""}""")]
    [InlineData("""{"model":"0123456789012345678901234567890123456789012345678901234567890123456789"}""")]
    public void A_text_in_a_form_that_is_not_kept_is_not_told(string json)
    {
        var reader = new UsageReader(isStream: false);
        reader.Feed(Encoding.UTF8.GetBytes(json));
        Assert.Null(reader.Model);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var bytes = Encoding.UTF8.GetBytes(Start + string.Concat(Enumerable.Repeat(Delta, 500)) + End);
        var reader = new UsageReader(isStream: true);
        reader.Feed(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var at = 0; at < bytes.Length; at += 7)
        {
            reader.Feed(bytes.AsSpan(at, Math.Min(7, bytes.Length - at)));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static TokenUsage ReadStream(string stream) => Read(stream, isStream: true);

    private static TokenUsage ReadJson(string json) => Read(json, isStream: false);

    private static TokenUsage Read(string text, bool isStream)
    {
        var reader = new UsageReader(isStream);
        reader.Feed(Encoding.UTF8.GetBytes(text));
        Assert.True(reader.HasInput);
        return reader.Usage;
    }
}
