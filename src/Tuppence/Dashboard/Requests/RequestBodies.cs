using System.Buffers;

namespace Tuppence.Dashboard.Requests;

/// <summary>
/// A request's body as it came and as it was sent, in borrowed memory, to show what was edited; and its answer, where the user has bodies kept.
/// </summary>
internal sealed class RequestBodies
{
    /// <summary>Longest body of which that is kept, in bytes; of a longer answer the beginning is.</summary>
    public const int Longest = 512 * 1024;

    private readonly byte[] before;
    private readonly int beforeLength;
    private byte[] after = [];
    private int afterLength;
    private byte[] answer = [];
    private int answerLength;

    private RequestBodies(ReadOnlySpan<byte> body, bool keepsAll)
    {
        before = ArrayPool<byte>.Shared.Rent(body.Length);
        (beforeLength, KeepsAll) = (body.Length, keepsAll);
        body.CopyTo(before);
    }

    /// <summary>Whether bodies are kept for their own sake, and the answer with them.</summary>
    public bool KeepsAll { get; }

    /// <summary>Bytes of all.</summary>
    public int Length => beforeLength + afterLength + answerLength;

    /// <summary>The body as it came.</summary>
    public ReadOnlyMemory<byte> Before => before.AsMemory(0, beforeLength);

    /// <summary>The body as it was sent.</summary>
    public ReadOnlyMemory<byte> After => after.AsMemory(0, afterLength);

    /// <summary>The answer's body, unpacked, as far as it is kept.</summary>
    public ReadOnlyMemory<byte> Answer => answer.AsMemory(0, answerLength);

    /// <summary>True where the answer was longer than is kept.</summary>
    public bool IsAnswerCut { get; private set; }

    /// <summary>Takes the body as it came; null where it is too long.</summary>
    public static RequestBodies? Begin(ReadOnlyMemory<byte> body, bool keepsAll) => body.Length is 0 or > Longest ? null : new RequestBodies(body.Span, keepsAll);

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

    /// <summary>An answer begins; what there was of another is gone.</summary>
    public void BeginAnswer() => (answerLength, IsAnswerCut) = (0, false);

    /// <summary>Takes the next bytes of the answer.</summary>
    public void TakeAnswer(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Longest - answerLength)
        {
            bytes = bytes[..(Longest - answerLength)];
            IsAnswerCut = true;
        }

        if (answerLength + bytes.Length > answer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(answerLength + bytes.Length, Math.Min(Longest, 2 * answer.Length)));
            Answer.Span.CopyTo(larger);
            Return(answer);
            answer = larger;
        }

        bytes.CopyTo(answer.AsSpan(answerLength));
        answerLength += bytes.Length;
    }

    /// <summary>Gives the memory back; nothing may read it any more.</summary>
    public void Release()
    {
        Return(before);
        Return(after);
        Return(answer);
    }

    private static void Return(byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
