using System.Buffers;

namespace Tuppence.Exchange;

/// <summary>Passes what is written on to another writer and shows it to a taker on the way.</summary>
internal sealed class TappedWriter(IBufferWriter<byte> target, Unpacking.Taker taker) : IBufferWriter<byte>
{
    private Memory<byte> lent;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        taker(lent.Span[..count]);
        target.Advance(count);
        lent = default;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => lent = target.GetMemory(sizeHint);

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
