using System.Runtime.InteropServices;

namespace Tuppence.Messages.Requests;

/// <summary>
/// Finds what to cut when some members of one object go: a run of members up to the next one that stays, or, at the end of the
/// object, from the last one that stays, so that the commas always come out right and nothing else is touched.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct MemberRemoval()
{
    private int runStart = -1;
    private int runEnd;
    private int keptEnd = -1;

    /// <summary>Whether a member has stayed so far.</summary>
    public readonly bool KeptAny => keptEnd >= 0;

    /// <summary>Takes the next member, from its name to the end of its value; true where a run ends before it.</summary>
    public bool Visit(int nameStart, int valueEnd, bool remove, out ByteRange cut)
    {
        cut = default;
        if (remove)
        {
            runStart = runStart < 0 ? nameStart : runStart;
            runEnd = valueEnd;
            return false;
        }

        keptEnd = valueEnd;
        if (runStart < 0)
        {
            return false;
        }

        cut = new ByteRange(runStart, nameStart);
        runStart = -1;
        return true;
    }

    /// <summary>True where the object ends with a run.</summary>
    public readonly bool Finish(out ByteRange cut)
    {
        cut = runStart < 0 ? default : new ByteRange(keptEnd >= 0 ? keptEnd : runStart, runEnd);
        return runStart >= 0;
    }
}
