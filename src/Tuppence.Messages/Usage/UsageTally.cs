using System.Runtime.InteropServices;

namespace Tuppence.Messages.Usage;

/// <summary>The numbers of one <c>usage</c> object while it is read: -1 where a member was not there.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct UsageTally
{
    private int input;
    private int read;
    private int write;
    private int write1h;
    private int output;
    private int thinking;
    private int searches;
    private int fetches;

    /// <summary>No member seen.</summary>
    public static UsageTally Empty => new() { input = -1, read = -1, write = -1, write1h = -1, output = -1, thinking = -1, searches = -1, fetches = -1 };

    /// <summary>Whether the input's size is known.</summary>
    public readonly bool HasInput => input >= 0;

    /// <summary>The part of the output that was thinking, or null.</summary>
    public readonly int? Thinking => thinking < 0 ? null : thinking;

    /// <summary>Web searches.</summary>
    public readonly int Searches => Math.Max(0, searches);

    /// <summary>Web fetches.</summary>
    public readonly int Fetches => Math.Max(0, fetches);

    /// <summary>What is known, members that were not there as 0.</summary>
    public readonly TokenUsage Usage =>
        new(Math.Max(0, input), Math.Max(0, read), Math.Max(0, write), write1h < 0 ? null : Math.Min(write1h, Math.Max(0, write)), Math.Max(0, output));

    /// <summary>Notes a number; with <paramref name="adds"/> it is added to what was noted before.</summary>
    public void Note(UsageMember member, int value, bool adds)
    {
        switch (member)
        {
            case UsageMember.Input:
                Set(ref input, value, adds);
                break;
            case UsageMember.Read:
                Set(ref read, value, adds);
                break;
            case UsageMember.Write:
                Set(ref write, value, adds);
                break;
            case UsageMember.Write1h:
                Set(ref write1h, value, adds);
                break;
            case UsageMember.Output:
                Set(ref output, value, adds);
                break;
            case UsageMember.Thinking:
                Set(ref thinking, value, adds);
                break;
            case UsageMember.Searches:
                Set(ref searches, value, adds);
                break;
            case UsageMember.Fetches:
                Set(ref fetches, value, adds);
                break;
        }
    }

    /// <summary>Takes over each number that <paramref name="later"/> has: the last word of a stream counts.</summary>
    public void Update(in UsageTally later)
    {
        input = later.input >= 0 ? later.input : input;
        read = later.read >= 0 ? later.read : read;
        write = later.write >= 0 ? later.write : write;
        write1h = later.write1h >= 0 ? later.write1h : write1h;
        output = later.output >= 0 ? later.output : output;
        thinking = later.thinking >= 0 ? later.thinking : thinking;
        searches = later.searches >= 0 ? later.searches : searches;
        fetches = later.fetches >= 0 ? later.fetches : fetches;
    }

    private static void Set(ref int number, int value, bool adds) =>
        number = adds && number > 0 ? (int)Math.Min(int.MaxValue, (long)number + value) : value;
}
