using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Rewriting.Texts;

namespace Tuppence.Thrift.Rewriting.Heads;

/// <summary>Settles a request's head against the remembered one: what stays in its place, what goes behind the history. Blocks that quote moved messages (<c>memories</c>) always go.</summary>
internal ref struct HeadSettlement(HeadMemory head, HeadRequest request, Prompt prompt, HeadEconomy economy, HashSet<int> memories, List<TailPiece> tail)
{
    private const int ShortestShared = 12;
    private const int HullTokens = 60;

    private HeadBlock? block;
    private int placeFrom;
    private HeadUnit? before;

    /// <summary>Settles.</summary>
    /// <param name="holds">Whether nothing may be carried at this level.</param>
    public void Run(bool holds)
    {
        head.Request++;
        var parts = request.Parts;
        var units = new HeadUnit?[parts.Count];
        for (var i = 0; i < parts.Count; i++)
        {
            units[i] = memories.Contains(parts[i].Block) ? null : head.Find(parts[i].Hash);
            units[i]?.Seen = head.Request;
        }

        placeFrom = FirstInPlace(units);
        for (var i = 0; i < parts.Count; i++)
        {
            if (memories.Contains(parts[i].Block))
            {
                Carry(parts[i].Unit, parts[i].Block);
            }
            else if (units[i] is { } unit)
            {
                (block, before) = (head.BlockOf(unit), unit);
                if (!unit.InPlace)
                {
                    CarryOn(unit, i);
                }
            }
            else if (parts[i].IsElement || !SettleVersion(i))
            {
                SettleNew(i);
            }
        }

        head.NoteAbsent(holds);
    }

    // Text that is carried stays so, unless it has been for so long that its place would have been cheaper.
    private readonly void CarryOn(HeadUnit unit, int i)
    {
        unit.Carried++;
        var part = request.Parts[i];
        if (economy.Carry(part.Tokens, tail.Count == 0) * unit.Carried > economy.Break(part.Block) * (1 + unit.Toggles))
        {
            head.Place(unit);
            return;
        }

        Carry(part.Unit, part.Block);
    }

    private void SettleNew(int i)
    {
        var part = request.Parts[i];
        var unit = request.NewUnit(i, head.Request);
        var isAllNew = IsAllNew(i);
        unit.InPlace = part.IsElement || part.Block >= placeFrom || (isAllNew && head.HasJustLost(block));
        unit.Carried = unit.InPlace ? 0 : 1;
        var isNewBlock = (i == 0 || request.Parts[i - 1].Block != part.Block) && isAllNew;
        if (isNewBlock || block is null)
        {
            var at = block is null ? 0 : head.Blocks.IndexOf(block) + 1;
            block = request.NewBlock(part, prompt);
            head.Blocks.Insert(at, block);
            before = null;
        }

        head.Add(block, before is null ? 0 : block.Units.IndexOf(before) + 1, unit);
        before = unit;
        if (!unit.InPlace)
        {
            Carry(part.Unit, part.Block);
        }
    }

    /// <summary>
    /// The block from which on new text stays where it came. Once something new stands in its place all behind it is written again anyway,
    /// so what is new is weighed together: carried for as long as such text lived so far, or written again from some block on.
    /// </summary>
    private readonly int FirstInPlace(HeadUnit?[] units)
    {
        var lives = head.ExpectedLife;
        var (best, least, carried) = (int.MaxValue, double.MaxValue, 0.0);
        for (var i = 0; i < units.Length; i++)
        {
            var part = request.Parts[i];
            if (units[i] is not null || part.IsElement || memories.Contains(part.Block))
            {
                continue;
            }

            var placed = carried + economy.Break(part.Block);
            (best, least) = placed < least ? (part.Block, placed) : (best, least);
            carried += economy.Carry(request.TokensUnknownTo(head, part), carried == 0) * lives;
        }

        return carried <= least ? int.MaxValue : best;
    }

    /// <summary>Whether what changed in a paragraph is expected to stay, or has been carried, for so long that its place is the cheaper one.</summary>
    private readonly bool IsCheaperInPlace(int tokens, int from, (int Requests, int Versions) seen) =>
        (seen.Versions == 1 && from >= placeFrom)
        || economy.Carry(tokens, tail.Count == 0) * Math.Max(seen.Requests, head.ExpectedLife) > economy.Break(from);

    private readonly bool IsAllNew(int i)
    {
        for (var j = i; j < request.Parts.Count && request.Parts[j].Block == request.Parts[i].Block; j++)
        {
            if (head.Knows(request.Parts[j].Hash))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A paragraph that shares sentences with a remembered one that is missing is that one, changed.</summary>
    private bool SettleVersion(int i)
    {
        var part = request.Parts[i];
        var sentences = request.SentencesOf(part.Unit).ToArray();
        if (FamilyOf(sentences) is not { } family)
        {
            return false;
        }

        var kept = new HeadUnit?[sentences.Length];
        for (var s = 0; s < sentences.Length; s++)
        {
            if (head.Find(request.HashOf(sentences[s].Text)) is { } unit && unit.Paragraph == family)
            {
                unit.Seen = head.Request;
                kept[s] = unit;
                (block, before) = (head.BlockOf(unit), unit);
            }
        }

        if (IsCheaperInPlace(TokensOf(sentences, kept), part.Block, head.CountVersion(family, part.Hash)))
        {
            foreach (var unit in kept)
            {
                unit?.Seen = unit.SeenBefore;
            }

            return false;
        }

        head.CarryChanged(family, HullTokens);
        for (var s = 0; s < sentences.Length; s++)
        {
            if (kept[s] is not { InPlace: true })
            {
                Carry(sentences[s], part.Block);
            }
        }

        return true;
    }

    private static int TokensOf(TextUnit[] sentences, HeadUnit?[] kept)
    {
        var tokens = 0;
        for (var s = 0; s < sentences.Length; s++)
        {
            tokens += kept[s] is { InPlace: true } ? 0 : ByteTokenCounter.OfBytes(sentences[s].Text.Length);
        }

        return tokens;
    }

    private readonly long? FamilyOf(TextUnit[] sentences)
    {
        foreach (var sentence in sentences)
        {
            if (sentence.Text.Length < ShortestShared)
            {
                continue;
            }

            var hash = request.HashOf(sentence.Text);
            if (head.ParagraphOf(hash) is { InPlace: true } paragraph && paragraph.Seen != head.Request && head.BlockOf(paragraph) is { } home)
            {
                return head.CutToSentences(home, paragraph);
            }

            if (head.Find(hash) is { Paragraph: not 0 } unit)
            {
                return unit.Paragraph;
            }
        }

        return null;
    }

    private readonly void Carry(TextUnit unit, int from) =>
        tail.Add(new TailPiece(Of(unit.Text), Of(unit.Gap), from, ByteTokenCounter.OfBytes(unit.Text.Length)));

    private readonly ReadOnlyMemory<byte> Of(ByteRange range) => request.Json[range.Start..range.End];
}
