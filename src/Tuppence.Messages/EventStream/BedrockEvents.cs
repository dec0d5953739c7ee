using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Tuppence.Messages.Requests;

namespace Tuppence.Messages.EventStream;

/// <summary>
/// Turns the frames of Bedrock's InvokeModelWithResponseStream into the Messages API's server-sent events: each <c>chunk</c> holds one
/// event's JSON in base64. Bytes may come in any pieces; nothing is allocated per event.
/// </summary>
/// <remarks>
/// Exceptions come as frames of their own (<c>:message-type</c> is <c>exception</c> or <c>error</c>) after an answer of status 200.
/// Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html (2026), and the
/// official SDK's reading of it, @anthropic-ai/bedrock-sdk 1.1.3.
/// </remarks>
public sealed class BedrockEvents : IDisposable
{
    // Room before the decoded JSON for "event: ", its name and "\ndata: ".
    private const int MaxName = 64;
    private const int FrontRoom = 7 + MaxName + 7;

    private readonly EventStreamReader reader = new();

    /// <summary>Whether an event has said that the answer is over: <c>message_stop</c> or <c>error</c>.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether an event was written.</summary>
    public bool HasEvents { get; private set; }

    /// <summary>Why the stream cannot go on, once a call has answered false.</summary>
    public StreamProblem? Problem { get; private set; }

    /// <summary>Decodes what has come, and writes whole events only. False: see <see cref="Problem"/>; what was written before still counts.</summary>
    public bool TryDecode(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        while (Problem is null && reader.TryRead(ref bytes, out var frame))
        {
            Accept(frame, output);
        }

        if (Problem is null && reader.Fault != EventStreamFault.None)
        {
            Problem = new StreamProblem(null, Explain(reader.Fault));
        }

        return Problem is null;
    }

    /// <summary>The bytes have ended. False where they end inside a frame, or before the answer said that it is over.</summary>
    public bool TryEnd()
    {
        Problem ??= reader.IsInsideFrame ? new StreamProblem(null, "the stream ended inside a frame")
            : !IsOver ? new StreamProblem(null, "the stream ended before message_stop")
            : null;
        return Problem is null;
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    private void Accept(in EventStreamFrame frame, IBufferWriter<byte> output)
    {
        if (frame.TryText(":message-type"u8, out var message) && !message.SequenceEqual("event"u8))
        {
            Problem = ReadProblem(frame);
        }
        else if (frame.TryText(":event-type"u8, out var type) && type.SequenceEqual("chunk"u8))
        {
            Chunk(frame.Payload, output);
        }
        else if (type.EndsWith("Exception"u8))
        {
            Problem = new StreamProblem(Encoding.UTF8.GetString(type), MessageOf(frame.Payload));
        }
    }

    private void Chunk(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        // A chunk without bytes is a sign of life.
        if (!JsonText.TryMember(payload, "bytes"u8, out var quoted) || quoted.Length < 2 || quoted[0] != '"')
        {
            return;
        }

        var encoded = quoted[1..^1];
        if (encoded.Contains((byte)'\\'))
        {
            // Legal JSON, sent by nobody we know: base64 whose slashes are escaped.
            encoded = Encoding.ASCII.GetBytes(JsonText.Decode(quoted));
        }

        var span = output.GetSpan(FrontRoom + Base64.GetMaxDecodedFromUtf8Length(encoded.Length) + 2);
        if (Base64.DecodeFromUtf8(encoded, span[FrontRoom..], out _, out var length) != OperationStatus.Done
            || !TryType(span.Slice(FrontRoom, length), out var name))
        {
            Problem = new StreamProblem(null, "a chunk does not hold an event");
            return;
        }

        if (!name.IsEmpty)
        {
            output.Advance(Frame(span, name, length));
            HasEvents = true;
        }
    }

    /// <summary>Puts the event's name before, and the blank line behind, the JSON that lies at <see cref="FrontRoom"/>. Answers the length of all.</summary>
    private int Frame(Span<byte> span, ReadOnlySpan<byte> name, int length)
    {
        IsOver |= name.SequenceEqual("message_stop"u8) || name.SequenceEqual("error"u8);
        var json = span.Slice(FrontRoom, length);

        // Between JSON's tokens a line may end; inside a data line it must not.
        json.Replace((byte)'\n', (byte)' ');
        json.Replace((byte)'\r', (byte)' ');

        "event: "u8.CopyTo(span);
        name.CopyTo(span[7..]);
        var at = 7 + name.Length;
        "\ndata: "u8.CopyTo(span[at..]);
        at += 7;
        json.CopyTo(span[at..]);
        at += length;
        "\n\n"u8.CopyTo(span[at..]);
        return at + 2;
    }

    /// <summary>The event's <c>type</c>, empty where it has none. False where this is no JSON object or its type is no name.</summary>
    private static bool TryType(ReadOnlySpan<byte> json, out ReadOnlySpan<byte> name)
    {
        name = default;
        var cursor = new JsonCursor(json, JsonCursor.DeepestNesting);
        if (cursor.Next() != '{' || !cursor.Enter())
        {
            return false;
        }

        for (var first = true; cursor.NextMember(ref first, out var member);)
        {
            var start = cursor.At;
            if (!cursor.SkipValue())
            {
                return false;
            }

            if (JsonText.Means(member.Of(json), "type"u8))
            {
                name = json[start..cursor.At];
                name = name.Length > 2 && name[0] == '"' ? name[1..^1] : default;
            }
        }

        return cursor.Fault is null && cursor.End() && name.Length <= MaxName && !name.ContainsAnyExcept(NameBytes);
    }

    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"u8);

    private static StreamProblem ReadProblem(in EventStreamFrame frame)
    {
        if (frame.TryText(":exception-type"u8, out var type))
        {
            return new StreamProblem(Encoding.UTF8.GetString(type), MessageOf(frame.Payload));
        }

        var code = frame.TryText(":error-code"u8, out var error) ? Encoding.UTF8.GetString(error) : "error";
        return new StreamProblem(code, frame.TryText(":error-message"u8, out var message) ? Encoding.UTF8.GetString(message) : MessageOf(frame.Payload));
    }

    private static string MessageOf(ReadOnlySpan<byte> payload) =>
        (JsonText.TryMember(payload, "message"u8, out var message) || JsonText.TryMember(payload, "Message"u8, out message)) && message[0] == '"'
            ? JsonText.Decode(message)
            : Encoding.UTF8.GetString(payload);

    private static string Explain(EventStreamFault fault) => fault switch
    {
        EventStreamFault.PreludeChecksum => "the checksum of a frame's prelude is wrong",
        EventStreamFault.MessageChecksum => "the checksum of a frame is wrong",
        EventStreamFault.TooLarge => $"a frame is longer than {EventStreamReader.MaxFrameBytes / (1024 * 1024)} MB",
        _ => "a frame contradicts itself",
    };
}
