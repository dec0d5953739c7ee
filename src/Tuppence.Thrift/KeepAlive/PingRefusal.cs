namespace Tuppence.Thrift.KeepAlive;

/// <summary>Why a request has no ping.</summary>
public enum PingRefusal
{
    /// <summary>It has one.</summary>
    None,

    /// <summary>It is no Messages request that could be read.</summary>
    Unreadable,

    /// <summary><c>thinking.type</c> is <c>enabled</c>, which the API rejects with <c>max_tokens: 0</c>; without it the ping would keep another entry.</summary>
    Thinking,

    /// <summary>A tool is forced, which the API rejects with <c>max_tokens: 0</c>; without that the ping would keep another entry.</summary>
    ForcedTool,

    /// <summary>Structured output, which the API rejects with <c>max_tokens: 0</c>; without it the ping would keep another entry.</summary>
    StructuredOutput,

    /// <summary>It has no breakpoint, so that there is nothing to keep.</summary>
    NoBreakpoint,
}
