using System.Buffers;

namespace Tuppence.Dashboard.Requests;

/// <summary>A request's body as it came and as it was sent, in borrowed memory, to show what was edited.</summary>
internal sealed class RequestBodies
{
    /// <summary>Longest body of which that is kept, in bytes.</summary>
    public const int Longest = 512 * 1024;

    private readonly byte[] before;
    private readonly int beforeLength;
    private byte[] after = [];
    private int afterLength;

    private RequestBodies(ReadOnlySpan<byte> body)
    {
        before = ArrayPool<byte>.Shared.Rent(body.Length);
        beforeLength = body.Length;
        body.CopyTo(before);
    }

    /// <summary>Bytes of both.</summary>
    public int Length => beforeLength + afterLength;

    /// <summary>The body as it came.</summary>
    public ReadOnlyMemory<byte> Before => before.AsMemory(0, beforeLength);

    /// <summary>The body as it was sent.</summary>
    public ReadOnlyMemory<byte> After => after.AsMemory(0, afterLength);

    /// <summary>Takes the body as it came; null where it is too long.</summary>
    public static RequestBodies? Begin(ReadOnlyMemory<byte> body) => body.Length is 0 or > Longest ? null : new RequestBodies(body.Span);

    /// <summary>Takes the body as it was sent. False where it is too long.</summary>
    public bool End(ReadOnlyMemory<byte> body)
    {
        if (body.Length > 2 * Longest)
        {
            return false;
        }

        after = ArrayPool<byte>.Shared.Rent(body.Length);
        afterLength = body.Length;
        body.CopyTo(after);
        return true;
    }

    /// <summary>Gives the memory back; nothing may read it any more.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(before);
        if (after.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(after);
        }
    }
}
