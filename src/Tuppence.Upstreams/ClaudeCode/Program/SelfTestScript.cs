namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>What the self-test says to the program, and what it answers in the API's place.</summary>
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

    /// <summary>The settings of the request.</summary>
    public const string Settings = """{"type":"control_request","request_id":"settings","request":{"subtype":"apply_flag_settings","settings":{"model":"claude-sonnet-4-5","env":{"CLAUDE_CODE_MAX_OUTPUT_TOKENS":"1234","CLAUDE_CODE_EXTRA_BODY":"{\"temperature\":0.25,\"stop_sequences\":[\"\\nself-test:\"]}"}}}}""";

    /// <summary>No thinking.</summary>
    public const string Thinking = """{"type":"control_request","request_id":"thinking","request":{"subtype":"set_max_thinking_tokens","max_thinking_tokens":0}}""";

    /// <summary>The system prompt.</summary>
    public const string Initialize = """{"type":"control_request","request_id":"initialize","request":{"subtype":"initialize","systemPrompt":["Tuppence tries out\n  whether this arrives as it was sent."]}}""";

    /// <summary>The first question, which is history and asks for no answer.</summary>
    public const string History = """{"type":"user","message":{"role":"user","content":"/help @README.md first question"},"parent_tool_use_id":null,"session_id":"","client_composed":true,"shouldQuery":false,"uuid":"7d0a1d3e-4b0f-4c4e-9a63-0d4b5d9e6a01"}""";

    /// <summary>The first answer.</summary>
    public const string Reply = """{"type":"assistant","message":{"id":"msg_h1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[{"type":"text","text":"first answer"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}},"parent_tool_use_id":null,"session_id":""}""";

    /// <summary>The second question.</summary>
    public const string Question = """{"type":"user","message":{"role":"user","content":"second question"},"parent_tool_use_id":null,"session_id":"","client_composed":true}""";

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
