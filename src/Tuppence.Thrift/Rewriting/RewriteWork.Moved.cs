using Tuppence.Messages.Edits;
using Tuppence.Messages.Requests;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Rewriting.Histories;

namespace Tuppence.Thrift.Rewriting;

/// <content>Messages that the front end moved into a memory text.</content>
internal sealed partial class RewriteWork
{
    private Prompt other = new();
    private int[] origins = [];

    /// <summary>The request as the front end sent it.</summary>
    private Prompt AsItCame => origins.Length > 0 ? other : Prompt;

    // Puts moved messages back and reads the request again: all that follows sees a history that only grows.
    private void PutMovedBack(ChatMemory chat, in PlanContext context)
    {
        var found = chat.Moved.Find(Prompt, Head, History, Room(context), chat.Added, out var places);
        if (found.Count == 0 || !MayRebuild())
        {
            return;
        }

        var json = Rebuild(chat.Moved, found, places);
        var tokens = 0;
        foreach (var (_, said) in found)
        {
            tokens += said.Tokens;
            Note("put back, as the front end moved it into a memory", -1, said.Tokens, said.Text);
        }

        (Prompt, other) = (other, Prompt);
        reader.TryRead(json, Prompt);
        Head.Read(Prompt);
        History.Read(Prompt, Head.FirstMessage, options.Thinking == SignedThinking.Strip);
        edits.Add(new AppliedEdit("cache-relocate", $"put back {found.Count} moved {(found.Count == 1 ? "message" : "messages")} ({tokens} tokens)"));
    }

    // An empty message has no block to stand by.
    private bool MayRebuild()
    {
        var json = Prompt.Body.Bytes.Span;
        foreach (ref readonly var message in Prompt.Body.Messages)
        {
            if (message.BlockCount == 0 && (message.Content.IsEmpty || json[message.Content.Start] != '"'))
            {
                return false;
            }
        }

        return true;
    }

    private byte[] Rebuild(MovedMessages moved, List<PutBack> found, int[] places)
    {
        var body = Prompt.Body;
        var json = body.Bytes.Span;
        var all = new List<byte>(json.Length / 4);
        var order = new List<int>(Prompt.Blocks.Length + found.Count);
        for (var i = 0; i < History.Blocks[0].Index; i++)
        {
            order.Add(i);
        }

        var (role, before, isOpen, next) = (MessageRole.System, -1, false, 0);
        for (var i = 0; i < History.Blocks.Count; i++)
        {
            var isBehindPutBack = false;
            for (; next < found.Count && found[next].Before == i; next++)
            {
                var said = found[next].Said;
                Begin(said.Begins || role != said.Role, said.Role);
                all.AddRange("{\"type\":\"text\",\"text\":\""u8);
                all.AddRange(said.Text);
                all.AddRange("\"}"u8);
                order.Add(-1);
                isBehindPutBack = true;
            }

            ref readonly var block = ref Prompt.Blocks[History.Blocks[i].Index];
            var isNext = block.Message != before;
            var begins = !isBehindPutBack ? isNext
                : role != block.Role || !TextBlock.IsPlain(json, block) || (moved.SaidAt(places[i])?.Begins ?? false);
            before = block.Message;
            Begin(begins, block.Role);
            if (block.IsString)
            {
                all.AddRange("{\"type\":\"text\",\"text\":"u8);
            }

            all.AddRange(block.Range.Of(json));
            all.AddRange(block.IsString ? "}"u8 : default);
            order.Add(History.Blocks[i].Index);
        }

        all.AddRange("]}"u8);
        origins = [.. order];
        var changes = new Splices();
        changes.Replace(new ByteRange(body.Messages[Head.FirstMessage].Range.Start, body.Messages[^1].Range.End), all.ToArray());
        var whole = new byte[changes.OutputLength(json.Length)];
        changes.CopyTo(json, whole);
        return whole;

        void Begin(bool begins, MessageRole speaker)
        {
            if (!begins && isOpen)
            {
                all.Add((byte)',');
                return;
            }

            all.AddRange(isOpen ? "]},"u8 : default);
            all.AddRange(speaker switch
            {
                MessageRole.User => "{\"role\":\"user\",\"content\":["u8,
                MessageRole.Assistant => "{\"role\":\"assistant\",\"content\":["u8,
                _ => "{\"role\":\"system\",\"content\":["u8,
            });
            (role, isOpen) = (speaker, true);
        }
    }
}
