using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>The members of one line of the program that matter here, as they were written; empty where one is absent. Nothing is copied.</summary>
internal ref struct ProgramLine
{
    /// <summary>What kind of line it is.</summary>
    public ReadOnlySpan<byte> Type;

    /// <summary>What kind of it.</summary>
    public ReadOnlySpan<byte> Subtype;

    /// <summary>What the program is about to do.</summary>
    public ReadOnlySpan<byte> Status;

    /// <summary>The API's own event.</summary>
    public ReadOnlySpan<byte> Event;

    /// <summary>Id of the program's request to its host.</summary>
    public ReadOnlySpan<byte> RequestId;

    /// <summary>The program's request to its host.</summary>
    public ReadOnlySpan<byte> Request;

    /// <summary>Its answer to a request of ours.</summary>
    public ReadOnlySpan<byte> Response;

    /// <summary>What it knows of the account's limits.</summary>
    public ReadOnlySpan<byte> RateLimit;

    /// <summary>The wrapped message.</summary>
    public ReadOnlySpan<byte> Message;

    /// <summary>Kind of an error.</summary>
    public ReadOnlySpan<byte> Error;

    /// <summary>A finer kind of an error.</summary>
    public ReadOnlySpan<byte> ApiError;

    /// <summary>The API's error type.</summary>
    public ReadOnlySpan<byte> ApiErrorType;

    /// <summary>The API's status.</summary>
    public ReadOnlySpan<byte> ApiErrorStatus;

    /// <summary>The status that led to another try.</summary>
    public ReadOnlySpan<byte> ErrorStatus;

    /// <summary>Milliseconds until another try.</summary>
    public ReadOnlySpan<byte> RetryDelay;

    /// <summary>Text of a result.</summary>
    public ReadOnlySpan<byte> Result;

    /// <summary>Why the turn ended.</summary>
    public ReadOnlySpan<byte> TerminalReason;

    /// <summary>Whether a result is an error.</summary>
    public bool IsError;

    /// <summary>Whether an assistant line stands for an error.</summary>
    public bool IsApiError;

    /// <summary>Whether blocks of a broken stream were given up.</summary>
    public bool IsAbandoned;

    /// <summary>Whether it belongs to an agent inside a tool.</summary>
    public bool IsNested;

    /// <summary>Reads a line; false where it is no JSON object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out ProgramLine line)
    {
        line = default;
        var cursor = new JsonCursor(json, JsonCursor.DeepestNesting);
        if (cursor.Next() != '{' || !cursor.Enter())
        {
            return false;
        }

        for (var first = true; cursor.NextMember(ref first, out var name);)
        {
            var start = cursor.At;
            if (!cursor.SkipValue())
            {
                return false;
            }

            line.Take(name.Of(json), json[start..cursor.At]);
        }

        return cursor.Fault is null && cursor.End();
    }

    private void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        // The program writes names without escapes. Those of each event come first.
        switch (name.Length)
        {
            case 6 when name.SequenceEqual("\"type\""u8): Type = value; break;
            case 7 when name.SequenceEqual("\"event\""u8): Event = value; break;
            case 7 when name.SequenceEqual("\"error\""u8): Error = value; break;
            case 8 when name.SequenceEqual("\"result\""u8): Result = value; break;
            case 8 when name.SequenceEqual("\"status\""u8): Status = value; break;
            case 9 when name.SequenceEqual("\"subtype\""u8): Subtype = value; break;
            case 9 when name.SequenceEqual("\"request\""u8): Request = value; break;
            case 9 when name.SequenceEqual("\"message\""u8): Message = value; break;
            case 10 when name.SequenceEqual("\"response\""u8): Response = value; break;
            case 10 when name.SequenceEqual("\"is_error\""u8): IsError = value[0] == 't'; break;
            case 11 when name.SequenceEqual("\"api_error\""u8): ApiError = value; break;
            case 12 when name.SequenceEqual("\"request_id\""u8): RequestId = value; break;
            case 14 when name.SequenceEqual("\"error_status\""u8): ErrorStatus = value; break;
            case 16 when name.SequenceEqual("\"api_error_type\""u8): ApiErrorType = value; break;
            case 16 when name.SequenceEqual("\"retry_delay_ms\""u8): RetryDelay = value; break;
            case 17 when name.SequenceEqual("\"rate_limit_info\""u8): RateLimit = value; break;
            case 17 when name.SequenceEqual("\"terminal_reason\""u8): TerminalReason = value; break;
            case 18 when name.SequenceEqual("\"api_error_status\""u8): ApiErrorStatus = value; break;
            case 18 when name.SequenceEqual("\"abandoned_blocks\""u8): IsAbandoned = value[0] != 'n'; break;
            case 20 when name.SequenceEqual("\"parent_tool_use_id\""u8): IsNested = value[0] != 'n'; break;
            case 22 when name.SequenceEqual("\"is_api_error_message\""u8): IsApiError = value[0] == 't'; break;
        }
    }
}
