using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Rewriting.Heads;

/// <summary>How much of a remembered head a request has.</summary>
internal static class HeadMatch
{
    private const double Enough = 0.6;

    // One block in the place of another (recalled memories, a long summary) may be most of a head.
    private const double EnoughWhereOneBlockDiffers = 0.2;
    private const int BlocksWhereOneMayDiffer = 4;

    /// <summary>Says how well the request's head fits the remembered one: 0 where it is another head, 1 where it is the same.</summary>
    public static double Score(HeadMemory head, HeadRequest request)
    {
        var (known, differing, blocks, last) = (0, 0, 0, -1);
        var differs = false;
        foreach (ref readonly var part in CollectionsMarshal.AsSpan(request.Parts))
        {
            if (part.Block != last)
            {
                differing += differs ? 1 : 0;
                (last, differs) = (part.Block, false);
                blocks++;
            }

            var has = head.Knows(part.Hash) ? part.Tokens : part.IsElement ? 0 : request.TokensKnownTo(head, part);
            known += has;
            differs |= has < part.Tokens;
        }

        differing += differs ? 1 : 0;
        var ofHead = Math.Min(1, (double)known / Math.Max(1, head.TokensInPlace));
        var score = Math.Min(ofHead, (double)known / Math.Max(1, request.Tokens));
        var isEnough = score >= Enough || (differing <= 1 && blocks >= BlocksWhereOneMayDiffer && score >= EnoughWhereOneBlockDiffers);
        return isEnough ? score : 0;
    }
}
