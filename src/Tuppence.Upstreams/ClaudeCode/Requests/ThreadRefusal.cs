using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>
/// A conversation that the API is to remember (<c>thread</c>) cannot go through the program, and a request that continues one holds its last turn alone.
/// The refusal has the form on which the API's own clients send the whole conversation instead, as their tool runner does.
/// </summary>
/// <remarks>Source: <c>ThreadUnsupportedRequestError</c> and <c>ThreadState</c> of npm <c>@anthropic-ai/sdk</c> 1.12.0.</remarks>
internal static class ThreadRefusal
{
    /// <summary>The member of the request.</summary>
    public const string Member = "thread";

    private const string Words =
        "Claude Code cannot carry \"thread\": it remembers nothing from one request to the next. Send the whole conversation without it, or send the request to another upstream.";

    private static readonly byte[] Body =
        [.. "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\""u8, .. System.Text.Encoding.UTF8.GetBytes(Words.Replace("\"", "\\\"", StringComparison.Ordinal)),
        .. "\",\"details\":{\"error_code\":\"thread_unsupported_request\",\"unsupported\":[\"thread\"]}}}"u8];

    /// <summary>Whether the request has one.</summary>
    public static bool Concerns(MessageBody body) =>
        body.TryFind("thread"u8, out var thread) && body.Bytes.Span[thread.Value.Start] != 'n';

    /// <summary>Answers with it.</summary>
    public static async ValueTask WriteAsync(IAnswerSink sink, CancellationToken cancellation)
    {
        await sink.BeginAsync(400, "application/json", []);
        await sink.Body.WriteAsync(Body, cancellation);
    }
}
