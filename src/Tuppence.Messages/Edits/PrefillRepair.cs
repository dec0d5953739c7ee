using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>
/// Where the model takes no prefill, or none while it thinks, the last assistant message becomes a user message: nothing of its
/// text is lost, and it is what SillyTavern does itself for models that it knows. A blank one is left out instead.
/// </summary>
/// <remarks>Only text is a prefill: a message with tool use or thinking is a turn to go on with and stays.</remarks>
internal static class PrefillRepair
{
    private static readonly byte[] User = "\"user\""u8.ToArray();

    public static void Apply(string edit, EditDraft draft, Model model)
    {
        var messages = draft.Body.Messages;
        if ((model.Prefill && !draft.IsThinking) || draft.EndsWithInsertedMessage)
        {
            return;
        }

        var last = messages.Length - 1;
        var isPrefill = IsPrefill(draft.Body, last, out var blank);
        while (isPrefill && blank && last > 0)
        {
            isPrefill = IsPrefill(draft.Body, --last, out blank);
        }

        if (last < messages.Length - 1)
        {
            draft.Splices.Remove(new ByteRange(messages[last].Range.End, messages[^1].Range.End));
            draft.Report(edit, "dropped blank prefill");
        }

        if (isPrefill && !blank)
        {
            draft.Splices.Replace(messages[last].RoleValue, User);
            draft.Report(edit, "prefill to user message");
        }
    }

    private static bool IsPrefill(MessageBody body, int index, out bool blank)
    {
        blank = false;
        return index >= 0 && body.Messages[index].Role == MessageRole.Assistant && IsText(body, body.Messages[index], out blank);
    }

    private static bool IsText(MessageBody body, in BodyMessage message, out bool blank)
    {
        var bytes = body.Bytes.Span;
        blank = true;
        var content = message.Content.Of(bytes);
        if (content.IsEmpty || content[0] == '"')
        {
            blank = content.IsEmpty || JsonText.IsBlank(content);
            return !content.IsEmpty;
        }

        foreach (ref readonly var block in body.BlocksOf(message))
        {
            var text = block.Text.Of(bytes);
            if (!JsonText.Means(block.Type.Of(bytes), "text"u8) || text.IsEmpty || text[0] != '"')
            {
                return false;
            }

            blank &= JsonText.IsBlank(text);
        }

        return content[0] == '[';
    }
}
