namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>What the self-test asks of the program, and what it answers in the API's place.</summary>
internal static class SelfTestScript
{
    /// <summary>A model that takes sampling parameters. No request for it leaves the machine.</summary>
    public const string Model = "claude-sonnet-4-5";

    /// <summary>Limit of the answer's length.</summary>
    public const int MaxTokens = 1234;

    /// <summary>Sampling parameter that is asked for.</summary>
    public const double Temperature = 0.25;

    /// <summary>Stop sequence that is asked for.</summary>
    public const string Stop = "\nself-test:";

    /// <summary>The system prompt.</summary>
    public const string System = "Tuppence tries out\n  whether this arrives as it was sent.";

    /// <summary>Looks like a command and like the name of a file, and is to be neither.</summary>
    public const string FirstQuestion = "/help @README.md first question";

    /// <summary>An answer of the history.</summary>
    public const string FirstAnswer = "first answer";

    /// <summary>The question that is to be answered.</summary>
    public const string SecondQuestion = "second question";

    /// <summary>What the listener answers.</summary>
    public const string Answer = "second answer";

    /// <summary>A tool of the client's.</summary>
    public const string Tool = "look_up";

    /// <summary>A request with all that is told to the program in ways of its own.</summary>
    public static ReadOnlySpan<byte> Request => """
        {"model":"claude-sonnet-4-5","max_tokens":1234,"temperature":0.25,"stop_sequences":["\nself-test:"],"thinking":{"type":"disabled"},
        "system":"Tuppence tries out\n  whether this arrives as it was sent.",
        "tools":[{"name":"look_up","description":"Looks something up.","input_schema":{"type":"object","properties":{"word":{"type":"string"}},"required":["word"]}}],
        "tool_choice":{"type":"auto","disable_parallel_tool_use":true},
        "messages":[{"role":"user","content":"/help @README.md first question"},{"role":"assistant","content":"first answer"},{"role":"user","content":"second question"}]}
        """u8;

    /// <summary>The listener's answer, an event stream of the Messages API.</summary>
    public const string Stream = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_selftest","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"second answer"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}}

        event: message_stop
        data: {"type":"message_stop"}


        """;
}
