namespace Tuppence.Accounting;

/// <summary>
/// Makes the ids of requests: 21 characters, in the order of making as text, unique over processes. The first 13 are the moment in
/// milliseconds and a running number in it, the last 8 are this process's own, by chance. Nothing of the request is in them.
/// </summary>
/// <remarks>Digits as in Crockford's base 32, lower case: https://www.crockford.com/base32.html.</remarks>
/// <param name="time">The clock. Where it goes back, ids go on from the latest.</param>
/// <param name="chance">At least 5 random bytes.</param>
internal sealed class RequestIds(TimeProvider time, ReadOnlySpan<byte> chance)
{
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int TimeLength = 13;
    private const int ProcessLength = 8;

    private readonly string process = ProcessOf(chance);
    private long latest;

    /// <summary>The next id.</summary>
    public string Next()
    {
        // 16 bits for those of one millisecond; of more than 65,536 in one, the last borrow from the next.
        var now = time.GetUtcNow().ToUnixTimeMilliseconds() << 16;
        long last, next;
        do
        {
            last = Volatile.Read(ref latest);
            next = Math.Max(now, last + 1);
        }
        while (Interlocked.CompareExchange(ref latest, next, last) != last);

        return string.Create(TimeLength + ProcessLength, (next, process), static (text, id) =>
        {
            Write(text[..TimeLength], (ulong)id.next);
            id.process.CopyTo(text[TimeLength..]);
        });
    }

    private static string ProcessOf(ReadOnlySpan<byte> chance)
    {
        var bits = 0UL;
        foreach (var b in chance[..5])
        {
            bits = (bits << 8) | b;
        }

        return string.Create(ProcessLength, bits, Write);
    }

    private static void Write(Span<char> text, ulong value)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            text[i] = Digits[(int)(value & 31)];
            value >>= 5;
        }
    }
}
