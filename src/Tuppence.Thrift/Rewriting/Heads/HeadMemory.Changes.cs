namespace Tuppence.Thrift.Rewriting.Heads;

/// <content>What the request at hand lacks.</content>
internal sealed partial class HeadMemory
{
    private const int LongestMissed = 50;
    private const int Many = 10;
    private const double MostHeld = 0.06;

    /// <summary>Carries the sentences of a paragraph that the request at hand lacks, and short ones between them: they are of one kind.</summary>
    public void CarryChanged(long paragraph, int hull)
    {
        foreach (var block in blocks)
        {
            var (first, last, changed) = (-1, -1, 0);
            for (var i = 0; i < block.Units.Count; i++)
            {
                var unit = block.Units[i];
                if (unit.Paragraph != paragraph || (unit.InPlace && unit.Seen == Request))
                {
                    continue;
                }

                Carry(unit);
                changed += unit.Tokens;
                (first, last) = (first < 0 ? i : first, i);
            }

            var between = 0;
            for (var i = first + 1; first >= 0 && i < last; i++)
            {
                between += block.Units[i].InPlace ? block.Units[i].Tokens : 0;
            }

            for (var i = first + 1; first >= 0 && i < last && between <= Math.Max(hull, changed); i++)
            {
                Carry(block.Units[i]);
            }
        }
    }

    /// <summary>Looks at what the request at hand lacks: what was missing twice, or for two requests, is carried from now on.</summary>
    /// <param name="holds">Whether nothing is carried at this level.</param>
    public void NoteAbsent(bool holds)
    {
        foreach (var block in blocks)
        {
            for (var i = block.Units.Count - 1; i >= 0; i--)
            {
                var unit = block.Units[i];
                var missing = Request - unit.Seen;
                if (missing == 1)
                {
                    unit.Toggles++;
                    Lives = unit.Born > 0 ? (Lives.Requests + unit.Seen - unit.Born + 1, Lives.Gone + 1) : Lives;
                }

                unit.Carried = missing > 0 ? 0 : unit.Carried;
                if (!holds && missing > 0 && (missing > 1 || unit.Toggles > 1 || unit.IsElement))
                {
                    Carry(unit);
                }

                if (unit.Born > 0 && missing > LongestMissed && unit.Paragraph == 0)
                {
                    Forget(block, unit);
                }
            }
        }
    }

    /// <summary>
    /// Whether the block behind another, after many requests that had it, is gone from the request at hand for the first time: then what
    /// stands there now is as likely to stay, and the prefix breaks at this place anyway.
    /// </summary>
    public bool HasJustLost(HeadBlock? before)
    {
        var at = before is null ? 0 : blocks.IndexOf(before) + 1;
        return Request >= Many && Lives.Gone <= 1 && at < blocks.Count && blocks[at].Units.Count > 0
            && blocks[at].Units.TrueForAll(unit => unit.InPlace && unit.Born == 0 && unit.Toggles == 0 && Request - unit.Seen == 1);
    }

    /// <summary>Whether the request at hand lacks whole blocks of the head.</summary>
    public bool LacksBlocks()
    {
        foreach (var block in blocks)
        {
            if (block.Units.Count > 0 && block.Units.TrueForAll(unit => Request - unit.Seen == 1))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether what the request at hand lacks is so little that it may be sent all the same.</summary>
    /// <param name="tokens">Tokens of the request.</param>
    /// <param name="missing">Tokens of what it lacks; 0 where that may not be sent.</param>
    public bool MayHold(int tokens, out int missing)
    {
        missing = 0;
        foreach (var block in blocks)
        {
            var absent = block.Units.Count(unit => unit.Seen != Request);
            if (absent != 0 && absent != block.Units.Count)
            {
                missing = 0;
                return false;
            }

            missing += absent == 0 ? 0 : block.Units.Sum(static unit => unit.Tokens);
        }

        missing = missing <= tokens * MostHeld ? missing : 0;
        return missing > 0;
    }
}
