using System.Runtime.CompilerServices;

namespace Tuppence.Messages.Usage;

/// <summary>
/// Reads off an answer what it tells of itself while its bytes pass: a whole message as JSON, or the event stream of one; of an error its
/// type. Bytes may come in any pieces; nothing is held back, and nothing is allocated beyond the reader itself.
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

    /// <summary>The model as the answer names it, or null.</summary>
    public string? Model => scan.Texts.Of(UsageMember.Model);

    /// <summary>The message's id, or null.</summary>
    public string? MessageId => scan.Texts.Of(UsageMember.Id);

    /// <summary><c>custom_id</c>, where the text is a line of a batch's results, or null.</summary>
    public string? CustomId => scan.Texts.Of(UsageMember.CustomId);

    /// <summary><c>stop_reason</c>, or null.</summary>
    public string? StopReason => scan.Texts.Of(UsageMember.StopReason);

    /// <summary><c>service_tier</c>, or null.</summary>
    public string? ServiceTier => scan.Texts.Of(UsageMember.Tier);

    /// <summary><c>inference_geo</c>, or null.</summary>
    public string? InferenceGeo => scan.Texts.Of(UsageMember.Geo);

    /// <summary><c>speed</c>, or null.</summary>
    public string? Speed => scan.Texts.Of(UsageMember.Speed);

    /// <summary>Type of the error that the answer is, or that its stream ended with; null for none.</summary>
    public string? ErrorType => scan.Texts.Of(UsageMember.ErrorType);

    /// <summary>True where an error ended it.</summary>
    public bool HasError => scan.Texts.Has(UsageMember.ErrorType);

    /// <summary>The part of the output that was thinking, or null where the answer does not tell.</summary>
    public int? Thinking => scan.Found.Thinking;

    /// <summary>Web searches that the provider ran.</summary>
    public int WebSearches => scan.Found.Searches;

    /// <summary>Web fetches that the provider ran.</summary>
    public int WebFetches => scan.Found.Fetches;

    /// <summary>True where the answer has told its last word on usage: it is no stream, or has come to why it stopped.</summary>
    public bool IsFinal => HasInput && (!isStream || scan.Texts.Has(UsageMember.StopReason));

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
