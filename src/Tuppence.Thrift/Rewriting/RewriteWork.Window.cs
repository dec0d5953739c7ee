using Tuppence.Messages.Edits;
using Tuppence.Messages.Requests;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Rewriting.Histories;

namespace Tuppence.Thrift.Rewriting;

/// <content>The start of the window.</content>
internal sealed partial class RewriteWork
{
    private void KeepWindow(ChatMemory chat, in PlanContext context, bool flickers)
    {
        var replacesFirst = chat.Window.Keep(History.Messages, Prompt.Tokens, heldOfHead, Room(context), flickers, chat.Added, held);
        foreach (var message in chat.Window.WithoutJson(Prompt.Tokens))
        {
            message.Json = MessageJson(message.Index);
        }

        chat.Window.Count();
        LeaveOut(chat.Window.LeftOut);
        if (held.Count == 0)
        {
            return;
        }

        var first = Prompt.Body.Messages[History.Messages[0].Index].Range;
        var json = new List<byte>();
        foreach (var message in held)
        {
            json.AddRange(json.Count > 0 ? ","u8 : default);
            json.AddRange(message.Json);
            Note("kept, though the front end dropped it", -1, message.Tokens, message.Json);
        }

        if (replacesFirst)
        {
            splices.Replace(first, json.ToArray());
        }
        else
        {
            json.Add((byte)',');
            splices.Insert(first.Start, json.ToArray());
        }

        edits.Add(new AppliedEdit("cache-window", $"kept {held.Count} dropped {(held.Count == 1 ? "message" : "messages")} ({held.Sum(static message => message.Tokens)} tokens)"));
    }

    private void LeaveOut(int count)
    {
        if (count == 0)
        {
            return;
        }

        leftOut = History.Messages[count].Index;
        var tokens = 0;
        for (var i = 0; i < count; i++)
        {
            var message = History.Messages[i];
            tokens += message.Tokens;
            Note("left out, down to the low-water mark", -1, message.Tokens, Prompt.Body.Messages[message.Index].Range.Of(Prompt.Body.Bytes.Span));
        }

        edits.Add(new AppliedEdit("cache-window", $"left out {count} {(count == 1 ? "message" : "messages")} ({tokens} tokens) down to the low-water mark"));
    }

    /// <summary>Most tokens that may be added: the answer must fit in, and where a model's price has a step nothing is carried over it.</summary>
    private int Room(in PlanContext context)
    {
        var step = context.LongPrices is null || Prompt.Tokens > context.LongAbove ? int.MaxValue : (int)Math.Max(0, (context.LongAbove * 0.9) - Prompt.Tokens);
        return Math.Min(step, RoomInContext());
    }

    private int RoomInContext()
    {
        if (!options.Models.TryFind(Prompt.Model, out var model) || model.Context <= 0)
        {
            return int.MaxValue;
        }

        var answer = Prompt.Body.TryFind("max_tokens"u8, out var most) && JsonText.TryInteger(most.Value.Of(Prompt.Body.Bytes.Span), out var tokens) ? tokens : 0;
        return (int)Math.Clamp((model.Context * 0.9) - answer - Prompt.Tokens, 0, int.MaxValue);
    }

    /// <summary>A message as it is sent: without what is carried, and without marks of the client.</summary>
    private byte[] MessageJson(int index)
    {
        var body = Prompt.Body;
        var range = body.Messages[index].Range;
        var changes = new Splices();
        elements.Clear();
        removed.Clear();
        for (var i = 0; i < History.Blocks.Count; i++)
        {
            if (History.Blocks[i].Message != index)
            {
                continue;
            }

            ref readonly var block = ref Prompt.Blocks[History.Blocks[i].Index];
            elements.Add(block.Range);
            removed.Add(History.Carried[i]);
            if (!block.CacheControl.IsEmpty)
            {
                changes.Remove(CacheControlMember.Range(body.Bytes.Span, block.CacheControl));
            }
        }

        if (removed.Contains(true))
        {
            RewriteDraft.Remove(changes, elements, removed);
        }

        if (changes.IsEmpty)
        {
            return range.Of(body.Bytes.Span).ToArray();
        }

        var all = new byte[changes.OutputLength(body.Bytes.Length)];
        changes.CopyTo(body.Bytes.Span, all);
        var behind = body.Bytes.Length - range.End;
        return all[range.Start..^behind];
    }
}
