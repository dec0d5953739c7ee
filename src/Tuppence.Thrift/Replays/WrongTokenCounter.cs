using System.IO.Hashing;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Replays;

/// <summary>Counts wrongly on purpose, each block by another share but always by the same, as an estimate of tokens does.</summary>
/// <param name="error">The largest share, up or down.</param>
internal sealed class WrongTokenCounter(double error) : ITokenCounter
{
    /// <inheritdoc/>
    public int Count(BlockKind kind, ReadOnlySpan<byte> json, int cacheControlLength, bool beginsMessage)
    {
        var right = ByteTokenCounter.Instance.Count(kind, json, cacheControlLength, beginsMessage);
        return Wrong(right, XxHash64.HashToUInt64(json), error);
    }

    /// <summary>A wrong count in the place of a right one.</summary>
    /// <param name="right">The right one.</param>
    /// <param name="hash">Hash of what is counted.</param>
    /// <param name="error">The largest share, up or down.</param>
    public static int Wrong(int right, ulong hash, double error)
    {
        var share = (hash >> 11) * (2.0 / (1UL << 53));
        return Math.Max(1, (int)Math.Round(right * (1 + (error * (share - 1)))));
    }
}
