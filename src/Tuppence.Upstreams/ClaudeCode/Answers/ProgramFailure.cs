using Tuppence.Messages.Errors;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>What the program has said of a failure, over one or more lines, and the error that it means.</summary>
/// <remarks>Seen in 2.1.330: a synthetic assistant line, then a result; or the announcement of another try.</remarks>
internal sealed class ProgramFailure
{
    private const int MostWords = 2000;
    private const string SignIn = "Run `claude auth login` in a terminal, then send the request again.";

    private string category = "";
    private string apiError = "";
    private string terminal = "";
    private string text = "";
    private int status;
    private long? delayMilliseconds;

    /// <summary>When the limit that refused the request begins anew, or null.</summary>
    public DateTimeOffset? ResetsAt { get; set; }

    /// <summary>Whether anything was said.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Whether the program may well succeed by itself: it renews a sign-in that has run out, and drops what the API refuses.</summary>
    public bool MayPass => status is >= 400 and < 500 and not (408 or 409 or 429);

    /// <summary>Takes what a line says.</summary>
    public void Take(in ProgramLine line)
    {
        IsKnown = true;
        Take(ref category, line.Error);
        Take(ref apiError, line.ApiError);
        Take(ref terminal, line.TerminalReason);
        Take(ref text, line.Result.IsEmpty ? TextOf(line.Message) : line.Result);
        var said = line.ApiErrorStatus.IsEmpty ? line.ErrorStatus : line.ApiErrorStatus;
        if (!said.IsEmpty && JsonText.TryInteger(said, out var number) && number is >= 400 and < 600)
        {
            status = (int)number;
        }

        if (!line.RetryDelay.IsEmpty && JsonText.TryNumber(line.RetryDelay, out var delay) && delay is >= 0 and < 1e9)
        {
            delayMilliseconds = (long)Math.Ceiling(delay);
        }
    }

    /// <summary>Forgets what was said: the program went on by itself.</summary>
    public void Clear() => (category, apiError, terminal, text, status, delayMilliseconds, IsKnown) = ("", "", "", "", 0, null, false);

    /// <summary>The error for the client.</summary>
    /// <param name="model">The model that was asked for.</param>
    /// <param name="now">The time, for what is left until a limit begins anew.</param>
    public ProgramError ToError(string model, DateTimeOffset now)
    {
        if (apiError == "usage_limit_reached" || (status == 429 && ResetsAt is not null))
        {
            return new ProgramError(429, ErrorType.RateLimit, "The limit of the account that Claude Code is signed in with is reached. " + Words("It resets later."))
            {
                RetryAfter = ResetsAt is { } reset ? Math.Max(1, (long)Math.Ceiling((reset - now).TotalSeconds)) : null,
                IsFinal = true,
            };
        }

        return (terminal, category, status) switch
        {
            ("prompt_too_long", _, _) => new ProgramError(400, ErrorType.InvalidRequest, "prompt is too long: it does not fit into the model's context window."),
            ("image_error", _, _) or (_, _, 413) => new ProgramError(413, ErrorType.RequestTooLarge, Words("The request is too large.")),
            (_, "billing_error", _) or (_, _, 402) => new ProgramError(402, ErrorType.Billing, Words("The account has no credit left.")) { IsFinal = true },
            (_, "authentication_failed", 0) => new ProgramError(401, ErrorType.Authentication, "Nobody is signed in to Claude Code. " + SignIn) { IsFinal = true },
            (_, _, 401) => new ProgramError(401, ErrorType.Authentication, $"Anthropic refused the sign-in of Claude Code ({Words("401")}). {SignIn}") { IsFinal = true },
            (_, _, 403) => new ProgramError(403, ErrorType.Permission, Words("The account that Claude Code is signed in with may not do this.")),
            (_, "model_not_found", _) or (_, _, 404) => new ProgramError(404, ErrorType.NotFound, $"model: {model} is not known, or the account that Claude Code is signed in with may not use it."),
            (_, _, 400) => new ProgramError(400, ErrorType.InvalidRequest, Words("Anthropic's API refused the request.")),
            (_, _, 429) or (_, "rate_limit", _) => new ProgramError(429, ErrorType.RateLimit, Words("Anthropic's API has had too many requests of this account.")) { RetryAfter = Seconds },
            (_, "overloaded", _) or (_, _, 529) => new ProgramError(529, ErrorType.Overloaded, "Anthropic's API is overloaded. Send the request again in a moment.") { RetryAfter = Seconds },
            (_, _, >= 500) => new ProgramError(status, status == 504 ? ErrorType.Timeout : ErrorType.Api, $"Anthropic's API answered Claude Code with the status {status}. Send the request again in a moment."),
            (_, _, > 0) => new ProgramError(status, status == 408 ? ErrorType.Timeout : status == 409 ? ErrorType.Conflict : ErrorType.InvalidRequest, Words($"Anthropic's API refused the request ({status}).")),
            _ when text.Contains("timed out", StringComparison.OrdinalIgnoreCase) => new ProgramError(504, ErrorType.Timeout, "Claude Code waited for Anthropic's API in vain: " + Words("the request timed out.")),
            _ when text.Length == 0 || apiError == "connection_failed" => new ProgramError(502, ErrorType.Api, "Claude Code could not reach Anthropic's API. " + Words("Look at the network, then send the request again.")),
            _ => new ProgramError(502, ErrorType.Api, "Claude Code reported: " + Words("")),
        };
    }

    private long? Seconds => delayMilliseconds is { } milliseconds ? Math.Max(1, (milliseconds + 999) / 1000) : null;

    private static void Take(ref string kept, ReadOnlySpan<byte> value)
    {
        if (value.Length > 2 && value[0] == '"')
        {
            kept = JsonText.Decode(value);
        }
    }

    // The first text of a message.
    private static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty || !JsonText.TryMember(message, "content"u8, out var content) || content[0] != '[')
        {
            return default;
        }

        var cursor = new JsonCursor(content, JsonCursor.DeepestNesting);
        cursor.Next();
        cursor.Enter();
        var first = true;
        if (!cursor.NextElement(ref first))
        {
            return default;
        }

        cursor.Next();
        var start = cursor.At;
        cursor.SkipValue();
        return JsonText.TryMember(content[start..cursor.At], "text"u8, out var words) ? words : default;
    }

    /// <summary>The program's words without what it puts before the API's own.</summary>
    private string Words(string otherwise)
    {
        var words = text;
        foreach (var prefix in (ReadOnlySpan<string>)["Failed to authenticate. ", "API Error: ", "Request rejected (429) · "])
        {
            words = words.StartsWith(prefix, StringComparison.Ordinal) ? words[prefix.Length..] : words;
        }

        if (words.Length > 4 && words[3] == ' ' && int.TryParse(words.AsSpan(0, 3), out var number) && number == status)
        {
            words = words[4..];
        }

        return words.Length == 0 ? otherwise : words.Length > MostWords ? words[..MostWords] + "…" : words;
    }
}
