using System.Runtime.InteropServices;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;
using Tuppence.Thrift.Bounds;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Accounts;

/// <summary>A block after all that stand before it, as some request had it.</summary>
internal sealed class PrefixNode(UInt128 key, PrefixNode? parent, in PromptBlock block)
{
    // Most blocks are of one conversation; others have their courses in the list.
    private long latestVisitor;
    private long firstVisitor;
    private BlockCourse course;
    private List<(long Visitor, BlockCourse Course)>? otherCourses;
    private TimeSpan life;

    public UInt128 Key { get; } = key;

    public PrefixNode? Parent { get; } = parent;

    public UInt128 Content { get; } = block.Hash;

    public int Tokens { get; } = block.Tokens;

    public int Message { get; } = block.Message;

    public PromptSection Section { get; } = block.Section;

    public MessageRole Role { get; } = block.Role;

    /// <summary>The latest request that went through here.</summary>
    public TurnTrail? Trail { get; set; }

    public DateTimeOffset LatestVisit { get; private set; } = DateTimeOffset.MinValue;

    public PrefixNode? Newer { get; set; }

    public PrefixNode? Older { get; set; }

    /// <summary>Whether the provider has ever been billing for keeping it.</summary>
    public bool WasKept => life > TimeSpan.Zero;

    /// <summary>Until when what was billed should have kept it.</summary>
    public DateTimeOffset KeptUntil { get; private set; }

    /// <summary>The provider billed a read or a write that covers it.</summary>
    /// <param name="at">When the request started.</param>
    /// <param name="written">For how long it was written; null where it was read.</param>
    public void Keep(DateTimeOffset at, Ttl? written)
    {
        var longer = written switch
        {
            Ttl.OneHour => BlockCourse.LongLife,
            Ttl.FiveMinutes => BlockCourse.ShortLife,
            _ => life == TimeSpan.Zero ? BlockCourse.ShortLife : life,
        };
        life = written is null || KeptUntil < at || longer > life ? longer : life;
        KeptUntil = at + life > KeptUntil ? at + life : KeptUntil;
    }

    /// <summary>Takes one more request of a conversation; answers what that adds to the conversation's lower bound for a token, in nano-dollars.</summary>
    /// <remarks>
    /// A conversation may read what another one paid for. So that its bound holds for what it spends itself, others' requests count as
    /// having written the block for nothing; nobody else there, it is the plain bound.
    /// </remarks>
    public long Visit(long conversation, DateTimeOffset at, in ModelPrices prices)
    {
        if (latestVisitor == 0)
        {
            firstVisitor = conversation;
        }

        ref var mine = ref CourseOf(conversation, at);
        if (latestVisitor != 0 && latestVisitor != conversation)
        {
            mine.WriteForNothing(LatestVisit);
        }

        latestVisitor = conversation;
        LatestVisit = at > LatestVisit ? at : LatestVisit;
        return mine.Visit(at, prices);
    }

    // What was not alive for an hour goes: a course that begins anew then costs the same.
    private ref BlockCourse CourseOf(long conversation, DateTimeOffset at)
    {
        if (conversation == firstVisitor)
        {
            return ref course;
        }

        otherCourses ??= [];
        otherCourses.RemoveAll(other => at - other.Course.Latest > BlockCourse.LongLife);
        var index = otherCourses.FindIndex(other => other.Visitor == conversation);
        if (index < 0)
        {
            index = otherCourses.Count;
            otherCourses.Add((conversation, default));
        }

        return ref CollectionsMarshal.AsSpan(otherCourses)[index].Course;
    }
}
