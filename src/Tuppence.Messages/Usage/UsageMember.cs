namespace Tuppence.Messages.Usage;

/// <summary>The members on the way to a number of <c>usage</c>, and the numbers.</summary>
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

    /// <summary><c>input_tokens</c>.</summary>
    Input,

    /// <summary><c>cache_read_input_tokens</c>.</summary>
    Read,

    /// <summary><c>cache_creation_input_tokens</c>.</summary>
    Write,

    /// <summary><c>ephemeral_1h_input_tokens</c>.</summary>
    Write1h,

    /// <summary><c>output_tokens</c>.</summary>
    Output,
}
