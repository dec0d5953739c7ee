using System.Buffers;
using Tuppence.Messages.Usage;

namespace Tuppence.Caching;

/// <summary>Passes what is written on to another writer and shows it to a <see cref="UsageReader"/> on the way.</summary>
internal sealed class UsageTap(IBufferWriter<byte> target, UsageReader usage) : IBufferWriter<byte>
{
    private Memory<byte> lent;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        usage.Feed(lent.Span[..count]);
        target.Advance(count);
        lent = default;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => lent = target.GetMemory(sizeHint);

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
