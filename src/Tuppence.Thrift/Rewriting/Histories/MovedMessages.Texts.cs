using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Rewriting.Heads;

namespace Tuppence.Thrift.Rewriting.Histories;

/// <content>What is remembered of a request, and which of its texts may quote messages.</content>
internal sealed partial class MovedMessages
{
    /// <summary>Remembers the request's history as it is sent: with what was put back, without what is carried.</summary>
    public void Remember(Prompt prompt, HistoryRequest request)
    {
        var json = prompt.Body.Bytes.Span;
        var places = Alignment.Of(request.Blocks, said);
        var next = new List<SaidBlock>(places.Length);
        var (message, at) = (-1, 0);
        for (var i = 0; i < places.Length; i++)
        {
            if (request.Carried[i])
            {
                continue;
            }

            // What was moved and could not go back keeps its place for the time when it is back.
            for (; at <= places[i]; at++)
            {
                if (missed.Contains(at))
                {
                    next.Add(said[at] with { WasMoved = true });
                }
            }

            var block = request.Blocks[i];
            ref readonly var says = ref prompt.Blocks[block.Index];
            var wasMoved = IsBack(block.Hash);
            var begins = block.Message != message;
            message = block.Message;
            if (places[i] < 0)
            {
                next.Add(new SaidBlock(block.Hash, says.Role, begins, block.Tokens, CanGoBack(json, says) ? TextOf(json, says) : []) { WasMoved = wasMoved });
                continue;
            }

            var old = said[places[i]];
            var isSame = old.Begins == begins && old.IsSettled && (old.WasMoved || !wasMoved);
            next.Add(isSame ? old : old with { Begins = begins, IsSettled = true, WasMoved = old.WasMoved || wasMoved });
        }

        said = [.. next];
        newTexts = [.. candidates.Where(candidate => candidate.IsNew && (candidate.Gap < 0 || memories.Contains(candidate.Hash) || !next.Exists(block => block.Hash == candidate.Hash))).Select(static candidate => candidate.Text)];
        candidates = [];
        bytes = said.Sum(static block => block.Text.Length + 64) + newTexts.Sum(static text => text.Length + 24) + (headTexts.Count * 24);
    }

    private static bool CanGoBack(ReadOnlySpan<byte> json, in PromptBlock block) =>
        block.Role is MessageRole.User or MessageRole.Assistant && TextBlock.IsPlain(json, block);

    private static byte[] TextOf(ReadOnlySpan<byte> json, in PromptBlock block) => json[(block.Text.Start + 1)..(block.Text.End - 1)].ToArray();

    // Texts of the head, and what is new on the user's side.
    private void Collect(Prompt prompt, HeadRequest head, HistoryRequest request, int[] places)
    {
        candidates = [];
        var json = prompt.Body.Bytes.Span;
        var known = headTexts;
        headTexts = [];
        for (var i = head.Blocks.First; i < head.Blocks.End; i++)
        {
            ref readonly var block = ref prompt.Blocks[i];
            if (TextBlock.IsPlain(json, block))
            {
                headTexts.Add(block.Hash);
                candidates.Add(new Candidate(block.Hash, i, QuotedText.Normal(TextOf(json, block)), -1, block.Role, !known.Contains(block.Hash)));
            }
        }

        var gap = places.Length;
        for (var i = places.Length - 1; i >= 0; i--)
        {
            ref readonly var block = ref prompt.Blocks[request.Blocks[i].Index];
            if (places[i] >= 0)
            {
                gap = i;
            }
            else if (block.Role is MessageRole.User or MessageRole.System && TextBlock.IsPlain(json, block))
            {
                candidates.Add(new Candidate(request.Blocks[i].Hash, request.Blocks[i].Index, QuotedText.Normal(TextOf(json, block)), gap, block.Role, true));
            }
        }
    }

    // What comes up between messages that stayed and was quoted in the request before is back from there, and no note at a depth.
    private void FindReturned(Prompt prompt, HistoryRequest request, int[] places)
    {
        var json = prompt.Body.Bytes.Span;
        for (var i = 0; i < places.Length; i++)
        {
            var block = request.Blocks[i];
            if (places[i] >= 0)
            {
                if (said[places[i]].WasMoved)
                {
                    returned.Add(block.Hash);
                }
            }
            else if (block.MayMove && newTexts.Length > 0)
            {
                var text = QuotedText.Normal(TextOf(json, prompt.Blocks[block.Index]));
                if (Array.Exists(newTexts, memory => QuotedText.Quotes(memory, text)))
                {
                    returned.Add(block.Hash);
                }
            }
        }
    }
}
