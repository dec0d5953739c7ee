namespace Tuppence.Thrift.Prompts;

/// <summary>What a block is, as far as the prompt cache treats kinds differently.</summary>
public enum BlockKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A tool definition.</summary>
    Tool,

    /// <summary>An image.</summary>
    Image,

    /// <summary>A document.</summary>
    Document,

    /// <summary>A tool call of the model (<c>tool_use</c>); a run of them in one message is one position.</summary>
    ToolUse,

    /// <summary>The result of a tool call (<c>tool_result</c>); a run of them in one message is one position.</summary>
    ToolResult,

    /// <summary>The result of a tool that the provider runs itself, such as <c>web_search_tool_result</c>.</summary>
    ServerToolResult,

    /// <summary>Thinking, redacted or not. It cannot carry a breakpoint.</summary>
    Thinking,

    /// <summary>Any other type.</summary>
    Other,
}
