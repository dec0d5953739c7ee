using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Rewriting.Heads;

namespace Tuppence.Thrift.Rewriting;

/// <summary>Puts text behind the history: as a message of role system where the model has that, else as a text before the last block of the user's side.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages (such a message follows a user turn, and is last or followed by an assistant turn).</remarks>
internal static class Tail
{
    private static ReadOnlySpan<byte> Heading => "[Current context]\\n"u8;

    private static ReadOnlySpan<byte> Break => "\\n"u8;

    /// <summary>Writes the text, as JSON without quotes.</summary>
    public static byte[] Write(List<TailPiece> pieces)
    {
        var text = new List<byte>(256);
        text.AddRange(Heading);
        for (var i = 0; i < pieces.Count; i++)
        {
            text.AddRange(pieces[i].Text.Span);
            if (i + 1 < pieces.Count)
            {
                text.AddRange(pieces[i].Gap.Length > 0 && pieces[i].Block == pieces[i + 1].Block ? pieces[i].Gap.Span : Break);
            }
        }

        return [.. text];
    }

    /// <summary>Puts the text into the body, behind the last message of the user's side or into it.</summary>
    public static void Put(Splices splices, Prompt prompt, int lastUser, byte[] text, bool asSystem)
    {
        var body = prompt.Body;
        ref readonly var message = ref body.Messages[lastUser];
        if (asSystem)
        {
            splices.Insert(message.Range.End, (byte[])[.. ",{\"role\":\"system\",\"content\":\""u8, .. text, .. "\"}"u8]);
            return;
        }

        var block = (byte[])[.. "{\"type\":\"text\",\"text\":\""u8, .. text, .. "\"}"u8];
        if (message.BlockCount == 0)
        {
            splices.Insert(message.Content.Start, (byte[])[.. "["u8, .. block, .. ",{\"type\":\"text\",\"text\":"u8]);
            splices.Insert(message.Content.End, "}]"u8.ToArray());
            return;
        }

        var blocks = body.BlocksOf(message);
        if (JsonText.Means(blocks[^1].Type.Of(body.Bytes.Span), "tool_result"u8))
        {
            splices.Insert(blocks[^1].Range.End, (byte[])[.. ","u8, .. block]);
            return;
        }

        splices.Insert(blocks[^1].Range.Start, (byte[])[.. block, .. ","u8]);
    }
}
