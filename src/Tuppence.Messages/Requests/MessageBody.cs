using System.Diagnostics.CodeAnalysis;

namespace Tuppence.Messages.Requests;

/// <summary>
/// The body of a Messages request: its bytes, and where in them the members, messages and blocks stand. One pass over the
/// bytes checks the syntax of the whole body and makes the index; no value is decoded or copied.
/// </summary>
/// <remarks>
/// Strict where RFC 8259 is (what System.Text.Json rejects is rejected), except that a UTF-8 byte order mark before the body is
/// accepted, and that bytes inside strings need not be valid UTF-8. Of members with one name the last counts, as for common parsers.
/// </remarks>
public sealed class MessageBody
{
    /// <summary>Deepest nesting accepted unless asked otherwise: 64 levels, as System.Text.Json and promise P5 have it.</summary>
    public const int DefaultMaxDepth = 64;

    /// <summary>Most top-level members, messages and blocks together; the API itself takes 100,000 messages. Keeps the index below 50 MB.</summary>
    public const int MostEntries = 1_000_000;

    internal GrowingList<BodyMember> MemberList;
    internal GrowingList<BodyBlock> SystemList;
    internal GrowingList<BodyBlock> ToolList;
    internal GrowingList<BodyMessage> MessageList;
    internal GrowingList<BodyBlock> BlockList;
    internal GrowingList<ByteRange> TtlList;
    internal GrowingList<ByteRange> NestedMarkList;

    internal MessageBody()
    {
    }

    /// <summary>The body as it came.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>The top-level object's members in their order, those of one name included.</summary>
    public ReadOnlySpan<BodyMember> Members => MemberList.Span;

    /// <summary>Elements of <c>system</c> where it is an array.</summary>
    public ReadOnlySpan<BodyBlock> SystemBlocks => SystemList.Span;

    /// <summary>Elements of <c>tools</c> where it is an array.</summary>
    public ReadOnlySpan<BodyBlock> Tools => ToolList.Span;

    /// <summary>Elements of <c>messages</c> where it is an array.</summary>
    public ReadOnlySpan<BodyMessage> Messages => MessageList.Span;

    /// <summary>
    /// What to cut so that no <c>cache_control</c> has a <c>ttl</c>: each range is a member with the comma that it no longer needs.
    /// Covers every place where the API takes a <c>cache_control</c>: top level, system blocks, tools, content blocks and the
    /// blocks inside tool results, search results and documents; never a tool's input or schema.
    /// </summary>
    public ReadOnlySpan<ByteRange> CacheTtls => TtlList.Span;

    /// <summary>
    /// Values of the <c>cache_control</c> of blocks inside blocks: in the content of tool results, search results and documents. They count
    /// towards the API's limit as those of other blocks do.
    /// </summary>
    public ReadOnlySpan<ByteRange> NestedCacheControls => NestedMarkList.Span;

    /// <summary>The top-level object with its braces.</summary>
    public ByteRange Root { get; internal set; }

    /// <summary>Reads and indexes a body.</summary>
    /// <param name="bytes">UTF-8. Kept, not copied: it must not change while the body is in use.</param>
    /// <param name="body">The index.</param>
    /// <param name="fault">What is wrong, where this answers false.</param>
    /// <param name="maxDepth">Deepest nesting, 1 to 1024.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> bytes,
        [NotNullWhen(true)] out MessageBody? body,
        [NotNullWhen(false)] out BodyFault? fault,
        int maxDepth = DefaultMaxDepth)
    {
        body = new MessageBody();
        fault = body.Read(bytes, maxDepth);
        body = fault is null ? body : null;
        return fault is null;
    }

    /// <summary>The blocks of one message.</summary>
    public ReadOnlySpan<BodyBlock> BlocksOf(in BodyMessage message) => BlockList.Span.Slice(message.FirstBlock, message.BlockCount);

    /// <summary>Finds a top-level member by its (ASCII) name, however it is escaped; of several the last.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, out BodyMember member)
    {
        var bytes = Bytes.Span;
        var members = Members;
        for (var i = members.Length - 1; i >= 0; i--)
        {
            if (JsonText.Means(members[i].Name.Of(bytes), name))
            {
                member = members[i];
                return true;
            }
        }

        member = default;
        return false;
    }

    /// <summary>Reads another body into the same arrays.</summary>
    internal BodyFault? Read(ReadOnlyMemory<byte> bytes, int maxDepth)
    {
        Clear();
        Bytes = bytes;
        var reader = new BodyReader(this, bytes.Span, maxDepth);
        return reader.Read() ? null : BodyFault.Syntax(bytes.Span, reader.FaultAt, reader.Fault);
    }

    internal void Clear()
    {
        Bytes = default;
        Root = default;
        MemberList.Clear();
        SystemList.Clear();
        ToolList.Clear();
        MessageList.Clear();
        BlockList.Clear();
        TtlList.Clear();
        NestedMarkList.Clear();
    }
}
