using System.Globalization;
using Tuppence.Messages.Edits;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>The conversation: turns of users and assistants, ending with a user's.</summary>
internal static class CarriedMessages
{
    private const string Prefill =
        "Claude Code cannot go on with an assistant message (a prefill): the last message must be the user's. Remove the last message, or put its text into the one before";

    /// <summary>Checks what the request has.</summary>
    public static void Fit(EditDraft draft, List<string> done)
    {
        var body = draft.Body;
        var messages = body.Messages;
        if (messages.IsEmpty)
        {
            CarriedRequest.Refuse(draft, body.TryFind("messages"u8, out var member) ? member.Value.Start : body.Root.Start, "\"messages\" must be an array of at least one message");
            return;
        }

        var blocks = new CarriedBlocks(draft, done);
        var (systems, joined) = (0, 0);
        for (var i = 0; i < messages.Length && draft.Fault is null; i++)
        {
            ref readonly var message = ref messages[i];
            if (message.Role == MessageRole.Unknown || message.Content.IsEmpty)
            {
                CarriedRequest.Refuse(draft, message.Range.Start, "a message must have a \"role\" (user, assistant or system) and \"content\"");
                return;
            }

            systems += message.Role == MessageRole.System ? 1 : 0;
            joined += i > 0 && message.Role != MessageRole.Assistant && messages[i - 1].Role != MessageRole.Assistant ? 1 : 0;
            NoteOthers(body, message, done);
            blocks.Fit(message);
        }

        if (messages[^1].Role == MessageRole.Assistant)
        {
            CarriedRequest.Refuse(draft, messages[^1].Range.Start, Prefill);
        }

        Say(done, systems, "system message", "to user turns");
        Say(done, joined, "user turn", "joined to the one before");
        blocks.Say();
    }

    private static void Say(List<string> done, int count, string what, string how)
    {
        if (count > 0)
        {
            done.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")} {how}"));
        }
    }

    private static void NoteOthers(MessageBody body, in BodyMessage message, List<string> done)
    {
        var json = message.Range.Of(body.Bytes.Span);
        var cursor = new JsonCursor(json, JsonCursor.DeepestNesting);
        cursor.Next();
        cursor.Enter();
        for (var first = true; cursor.NextMember(ref first, out var name);)
        {
            cursor.SkipValue();
            if (!JsonText.Means(name.Of(json), "role"u8) && !JsonText.Means(name.Of(json), "content"u8))
            {
                Foreign.Note(done, "messages", name.Of(json));
            }
        }
    }
}
