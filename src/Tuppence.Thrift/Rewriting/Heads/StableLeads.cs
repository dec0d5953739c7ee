using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Rewriting.Texts;

namespace Tuppence.Thrift.Rewriting.Heads;

/// <summary>Knows how far the beginnings of the head's blocks stayed the same, and cuts the blocks there. The parts joined together are the block.</summary>
internal sealed class StableLeads
{
    private const int FewestSharedBytes = 64;
    private const int FewestTokens = 64;

    private sealed record Lead(byte[] Text)
    {
        /// <summary>Bytes that all versions begin with, up to the end of a paragraph or sentence; -1 where all were the same.</summary>
        public int Length { get; set; } = -1;
    }

    private List<Lead> leads = [];
    private readonly List<TextUnit> paragraphs = [];
    private readonly List<TextUnit> sentences = [];

    /// <summary>Bytes that are remembered.</summary>
    public int Bytes { get; private set; }

    /// <summary>A copy that learns by itself.</summary>
    public StableLeads Copy()
    {
        var copy = (StableLeads)MemberwiseClone();
        copy.leads = leads.ConvertAll(static lead => lead with { });
        return copy;
    }

    /// <summary>Notes where to cut the head's blocks. Answers how many are cut.</summary>
    /// <param name="splices">Takes the cuts.</param>
    /// <param name="prompt">The request.</param>
    /// <param name="head">Its head.</param>
    /// <param name="minTokens">Smallest prefix that the model caches.</param>
    /// <param name="cut">Is told of each cut: the block, the tokens before the cut, the text.</param>
    public int Cut(Splices splices, Prompt prompt, HeadRequest head, int minTokens, Action<int, int, ReadOnlySpan<byte>> cut)
    {
        var cuts = 0;
        var json = prompt.Body.Bytes.Span;
        var next = 0;
        for (var i = head.Blocks.First; i < head.Blocks.End; i++)
        {
            ref readonly var block = ref prompt.Blocks[i];
            if (!TextBlock.IsPlain(json, block))
            {
                continue;
            }

            var content = new ByteRange(block.Text.Start + 1, block.Text.End - 1);
            if (Find(content.Of(json), ref next) is not { } lead)
            {
                Bytes += content.Length;
                leads.Insert(next++, new Lead(content.Of(json).ToArray()));
                continue;
            }

            Learn(json, content, lead);
            var before = block.EndTokens - block.Tokens;
            var tokens = ByteTokenCounter.OfBytes(Math.Max(0, lead.Length));
            if (lead.Length > 0 && lead.Length < content.Length && tokens >= FewestTokens && before + tokens >= minTokens)
            {
                CutAt(splices, block, content.Start + lead.Length);
                cut(i, tokens, content.Of(json));
                cuts++;
            }
        }

        return cuts;
    }

    private Lead? Find(ReadOnlySpan<byte> text, ref int next)
    {
        for (var i = next; i < leads.Count; i++)
        {
            var shared = leads[i].Text.AsSpan().CommonPrefixLength(text);
            if (shared == text.Length || shared >= FewestSharedBytes)
            {
                next = i + 1;
                return leads[i];
            }
        }

        return null;
    }

    private void Learn(ReadOnlySpan<byte> json, ByteRange content, Lead lead)
    {
        var text = content.Of(json);
        var shared = lead.Text.AsSpan().CommonPrefixLength(text);
        if (shared == text.Length && shared == lead.Text.Length)
        {
            return;
        }

        var most = lead.Length < 0 ? shared : Math.Min(shared, lead.Length);
        if (most == lead.Length)
        {
            return;
        }

        // The ends of paragraphs, and in the one where the versions part the ends of sentences.
        var end = 0;
        paragraphs.Clear();
        TextCutter.Paragraphs(json, content, paragraphs);
        foreach (var paragraph in paragraphs)
        {
            if (paragraph.Gap.End - content.Start <= most && paragraph.Gap.Length > 0)
            {
                end = paragraph.Gap.End - content.Start;
                continue;
            }

            sentences.Clear();
            TextCutter.Sentences(json, paragraph, sentences);
            foreach (var sentence in sentences)
            {
                end = sentence.Gap.End - content.Start <= most && sentence.Gap.Length > 0 ? sentence.Gap.End - content.Start : end;
            }

            break;
        }

        lead.Length = end;
    }

    private static void CutAt(Splices splices, in PromptBlock block, int at)
    {
        if (block.IsString)
        {
            splices.Insert(block.Range.Start, "[{\"type\":\"text\",\"text\":"u8.ToArray());
            splices.Insert(block.Range.End, "}]"u8.ToArray());
        }

        splices.Insert(at, "\"},{\"type\":\"text\",\"text\":\""u8.ToArray());
    }
}
