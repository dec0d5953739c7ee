using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tuppence.Messages.Sse;

/// <summary>
/// Watches the bytes of an event stream as they pass and knows whether an event may be put in just here, and whether the
/// stream has ended in an orderly way. Bytes may come in any pieces. Allocates nothing; a mutable struct: keep it in one place.
/// </summary>
/// <remarks>
/// Lines end with LF, CRLF or CR; an event ends with an empty line and counts where it has data
/// (https://html.spec.whatwg.org/multipage/server-sent-events.html, section 9.2.6). The terminal events are known by their event line or by the
/// first member of their data, <c>"type"</c>.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public struct SseBoundary
{
    // Enough of a line to tell what it is: event: message_stop, data: { "type" : "message_stop"
    private const int KeptLength = 64;

    private Start start;
    private int kept;
    private bool inLine;
    private bool inEvent;
    private bool afterCr;
    private byte bom;
    private SseTerminal named;
    private SseTerminal typed;
    private bool hasData;

    /// <summary>Whether the stream stands between two events, so that a whole event put in here damages none. True before the first byte.</summary>
    public readonly bool IsAtBoundary => !inLine && !inEvent && bom is 0 or 3;

    /// <summary>The terminal event that has passed in full, if one has.</summary>
    public SseTerminal Terminal { readonly get; private set; }

    /// <summary>Takes the next bytes of the stream.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (bom < 3)
        {
            SkipByteOrderMark(ref bytes);
        }

        while (!bytes.IsEmpty)
        {
            if (afterCr)
            {
                afterCr = false;
                if (bytes[0] == '\n')
                {
                    bytes = bytes[1..];
                    continue;
                }
            }

            var end = inLine || bytes[0] is not ((byte)'\n' or (byte)'\r') ? bytes.IndexOfAny((byte)'\n', (byte)'\r') : 0;
            if (end < 0)
            {
                Keep(bytes);
                return;
            }

            if (!inLine)
            {
                Line(bytes[..end]);
            }
            else
            {
                Keep(bytes[..end]);
                Line(((ReadOnlySpan<byte>)start)[..kept]);
                inLine = false;
                kept = 0;
            }

            afterCr = bytes[end] == '\r';
            bytes = bytes[(end + 1)..];
        }
    }

    private void Line(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            Dispatch();
        }
        else if (line[0] == 'd' && line.StartsWith("data"u8) && (line.Length == 4 || line[4] == ':'))
        {
            if (!hasData)
            {
                typed = TypeOf(line.Length > 5 ? line[5..] : default);
            }

            hasData = true;
            inEvent = true;
        }
        else if (line[0] == 'e' && line.StartsWith("event"u8) && (line.Length == 5 || line[5] == ':'))
        {
            named = NameOf(line.Length > 6 ? line[6..] : default);
            inEvent = true;
        }
        else if (line[0] != ':')
        {
            inEvent = true;
        }
    }

    private void Dispatch()
    {
        if (hasData && Terminal == SseTerminal.None)
        {
            Terminal = named != SseTerminal.None ? named : typed;
        }

        (named, typed, hasData, inEvent) = (SseTerminal.None, SseTerminal.None, false, false);
    }

    private static SseTerminal NameOf(ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty && value[0] == ' ')
        {
            value = value[1..];
        }

        return value.SequenceEqual("message_stop"u8) ? SseTerminal.MessageStop
            : value.SequenceEqual("error"u8) ? SseTerminal.Error
            : SseTerminal.None;
    }

    private static SseTerminal TypeOf(ReadOnlySpan<byte> data) =>
        Take(ref data, "{"u8) && Take(ref data, "\"type\""u8) && Take(ref data, ":"u8) && !(data = data.TrimStart(" \t"u8)).IsEmpty
            ? data.StartsWith("\"message_stop\""u8) ? SseTerminal.MessageStop
                : data.StartsWith("\"error\""u8) ? SseTerminal.Error
                : SseTerminal.None
            : SseTerminal.None;

    private static bool Take(ref ReadOnlySpan<byte> data, ReadOnlySpan<byte> token)
    {
        if (!data.StartsWith(token))
        {
            data = data.TrimStart(" \t"u8);
            if (!data.StartsWith(token))
            {
                return false;
            }
        }

        data = data[token.Length..];
        return true;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        var room = ((Span<byte>)start)[kept..];
        inLine = true;
        if (part.Length > room.Length)
        {
            part = part[..room.Length];
        }

        part.CopyTo(room);
        kept += part.Length;
    }

    // The mark counts only as the stream's first three bytes; what looks like its beginning and is not one belongs to a line.
    private void SkipByteOrderMark(ref ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        while (bom < 3 && !bytes.IsEmpty)
        {
            if (bytes[0] != mark[bom])
            {
                Keep(mark[..bom]);
                inLine = bom > 0;
                bom = 3;
                return;
            }

            bom++;
            bytes = bytes[1..];
        }
    }

    [InlineArray(KeptLength)]
    private struct Start
    {
        private byte first;
    }
}
