using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>
/// Makes the splices that put blocks before and behind what the client sent in <c>system</c>. What it sent keeps its bytes: a
/// string becomes the text of a block of its own, an array gets further elements, and a blank or null one gives way.
/// </summary>
/// <remarks>
/// Claude Code's first block, its attribution, stays first: in front of it a block would defeat its handling upstream.
/// Source: https://code.claude.com/docs/en/llm-gateway-protocol (2026-08-22).
/// </remarks>
internal static class SystemWriter
{
    private static readonly byte[] Name = "system"u8.ToArray();
    private static readonly byte[] Comma = ","u8.ToArray();
    private static readonly byte[] Open = "["u8.ToArray();
    private static readonly byte[] Close = "]"u8.ToArray();
    private static readonly byte[] TextOpen = "{\"type\":\"text\",\"text\":"u8.ToArray();
    private static readonly byte[] TextClose = "}"u8.ToArray();

    private static ReadOnlySpan<byte> Attribution => "x-anthropic-billing-header:"u8;

    public static void Write(EditDraft draft)
    {
        var head = draft.Preamble;
        var tail = draft.SystemTail is null ? default : draft.BytesOf(draft.SystemTail);
        if (head.IsEmpty && tail.IsEmpty)
        {
            return;
        }

        var bytes = draft.Body.Bytes.Span;
        if (!draft.Body.TryFind(Name, out var member))
        {
            draft.Set(Name, (byte[])[.. Open, .. Joined(head, tail).Span, .. Close]);
            return;
        }

        var splices = draft.Splices;
        var (start, end) = (member.Value.Start, member.Value.End);
        switch (bytes[start])
        {
            case (byte)'"' when !JsonText.IsBlank(member.Value.Of(bytes)):
                var attributed = JsonText.Begins(member.Value.Of(bytes), Attribution);
                splices.Insert(start, Open);
                Element(splices, start, attributed ? default : head, behind: Comma);
                splices.Insert(start, TextOpen);
                splices.Insert(end, TextClose);
                Element(splices, end, attributed ? head : default, before: Comma);
                Element(splices, end, tail, before: Comma);
                splices.Insert(end, Close);
                return;
            case (byte)'[' when !draft.Body.SystemBlocks.IsEmpty:
                var blocks = draft.Body.SystemBlocks;
                if (IsAttribution(blocks[0], bytes))
                {
                    Element(splices, blocks[0].Range.End, head, before: Comma);
                }
                else
                {
                    Element(splices, blocks[0].Range.Start, head, behind: Comma);
                }

                Element(splices, blocks[^1].Range.End, tail, before: Comma);
                return;
            default:
                splices.Replace(member.Value, (byte[])[.. Open, .. Joined(head, tail).Span, .. Close]);
                return;
        }
    }

    private static bool IsAttribution(in BodyBlock block, ReadOnlySpan<byte> bytes) => JsonText.Begins(block.Text.Of(bytes), Attribution);

    private static void Element(Splices splices, int at, ReadOnlyMemory<byte> element, ReadOnlyMemory<byte> before = default, ReadOnlyMemory<byte> behind = default)
    {
        if (!element.IsEmpty)
        {
            splices.Insert(at, before);
            splices.Insert(at, element);
            splices.Insert(at, behind);
        }
    }

    private static ReadOnlyMemory<byte> Joined(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail) =>
        head.IsEmpty ? tail : tail.IsEmpty ? head : (byte[])[.. head.Span, .. Comma, .. tail.Span];
}
