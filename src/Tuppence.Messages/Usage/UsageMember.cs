namespace Tuppence.Messages.Usage;

/// <summary>The members on the way to what is read off an answer; then the numbers of <c>usage</c>; then the texts.</summary>
internal enum UsageMember : byte
{
    /// <summary>Anything else; what it holds is passed over.</summary>
    Other,

    /// <summary><c>message</c>, of <c>message_start</c>.</summary>
    Message,

    /// <summary><c>usage</c>, of a message, <c>message_start</c> or <c>message_delta</c>.</summary>
    Usage,

    /// <summary><c>cache_creation</c>: how the written tokens divide by time to live.</summary>
    Creation,

    /// <summary><c>iterations</c>: the samplings of a request that had several, each with its own numbers.</summary>
    Iterations,

    /// <summary>An element of <c>iterations</c>.</summary>
    Iteration,

    /// <summary><c>output_tokens_details</c>.</summary>
    Details,

    /// <summary><c>server_tool_use</c>: what the provider ran.</summary>
    ServerTools,

    /// <summary><c>delta</c>, of <c>message_delta</c>.</summary>
    Delta,

    /// <summary><c>error</c>, of an error answer or event.</summary>
    Error,

    /// <summary><c>result</c>, of a line of a batch's results.</summary>
    Result,

    /// <summary><c>input_tokens</c>, the first of the numbers.</summary>
    Input,

    /// <summary><c>cache_read_input_tokens</c>.</summary>
    Read,

    /// <summary><c>cache_creation_input_tokens</c>.</summary>
    Write,

    /// <summary><c>ephemeral_1h_input_tokens</c>.</summary>
    Write1h,

    /// <summary><c>output_tokens</c>.</summary>
    Output,

    /// <summary><c>thinking_tokens</c>.</summary>
    Thinking,

    /// <summary><c>web_search_requests</c>.</summary>
    Searches,

    /// <summary><c>web_fetch_requests</c>, the last of the numbers.</summary>
    Fetches,

    /// <summary><c>model</c> of the message, the first of the texts.</summary>
    Model,

    /// <summary><c>id</c> of the message.</summary>
    Id,

    /// <summary><c>stop_reason</c>.</summary>
    StopReason,

    /// <summary><c>service_tier</c>.</summary>
    Tier,

    /// <summary><c>inference_geo</c>.</summary>
    Geo,

    /// <summary><c>speed</c>.</summary>
    Speed,

    /// <summary><c>custom_id</c>, of a line of a batch's results.</summary>
    CustomId,

    /// <summary><c>type</c> of an error, the last of the texts.</summary>
    ErrorType,
}
