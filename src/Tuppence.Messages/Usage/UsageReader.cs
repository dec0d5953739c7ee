using System.Runtime.CompilerServices;

namespace Tuppence.Messages.Usage;

/// <summary>
/// Reads the usage off an answer while its bytes pass: a whole message as JSON, or the event stream of one. Bytes may come in any
/// pieces; nothing is held back, and nothing is allocated beyond the reader itself.
/// </summary>
/// <remarks>
/// In a stream the usage of <c>message_start</c> counts until <c>message_delta</c> says otherwise; of answers that took several
/// samplings (<c>usage.iterations</c>) the sum counts. Source: https://platform.claude.com/docs/en/build-with-claude/streaming and
/// .../compaction (2026-09); lines and events as in https://html.spec.whatwg.org/multipage/server-sent-events.html section 9.2.6.
/// </remarks>
public sealed class UsageReader
{
    // Longer than "event: content_block_delta", the longest name that matters.
    private const int KeptLength = 32;

    private readonly bool isStream;
    private UsageScan scan;
    private Start start;
    private int kept;
    private Line line;
    private bool isPassedOver;
    private bool afterCr;

    /// <summary>Reads one answer.</summary>
    /// <param name="isStream">Whether it is an event stream; else it is one JSON text.</param>
    public UsageReader(bool isStream)
    {
        this.isStream = isStream;
        scan.Found = UsageTally.Empty;
        scan.Begin();
    }

    private enum Line : byte
    {
        Begins,
        Data,
        Other,
    }

    /// <summary>Whether the answer has told how much input it took.</summary>
    public bool HasInput => scan.Found.HasInput;

    /// <summary>What the answer has told so far.</summary>
    public TokenUsage Usage => scan.Found.Usage;

    /// <summary>Takes the next bytes of the answer.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (!isStream)
        {
            scan.Feed(bytes);
            return;
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

            var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            Part(end < 0 ? bytes : bytes[..end]);
            if (end < 0)
            {
                return;
            }

            EndLine();
            afterCr = bytes[end] == '\r';
            bytes = bytes[(end + 1)..];
        }
    }

    private void Part(ReadOnlySpan<byte> part)
    {
        if (line == Line.Begins)
        {
            var wanted = Math.Min(part.Length, KeptLength - kept);
            part[..wanted].CopyTo(((Span<byte>)start)[kept..]);
            kept += wanted;
            part = part[wanted..];
            if (kept < "data:"u8.Length || (kept < KeptLength && !Kept.StartsWith("data:"u8)))
            {
                return;
            }

            // What is kept of a data line goes first; of any other line nothing is needed but its beginning.
            line = Kept.StartsWith("data:"u8) ? Line.Data : Line.Other;
            if (line == Line.Data && !isPassedOver)
            {
                scan.Feed(Kept["data:"u8.Length..]);
            }
        }

        if (line == Line.Data && !isPassedOver)
        {
            scan.Feed(part);
        }
    }

    private void EndLine()
    {
        if (line != Line.Data && kept == 0)
        {
            // An empty line ends the event.
            isPassedOver = false;
            scan.Begin();
        }
        else if (line != Line.Data && Kept.StartsWith("event:"u8))
        {
            // Nearly all of a stream: deltas, which tell no usage.
            isPassedOver = Kept["event:"u8.Length..].TrimStart((byte)' ').StartsWith("content_block"u8);
        }

        (line, kept) = (Line.Begins, 0);
    }

    private ReadOnlySpan<byte> Kept => ((ReadOnlySpan<byte>)start)[..kept];

    [InlineArray(KeptLength)]
    private struct Start
    {
        private byte first;
    }
}
