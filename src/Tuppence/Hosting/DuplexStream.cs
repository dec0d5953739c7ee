using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Tuppence.Hosting;

/// <summary>
/// A stream over a pair of pipes that behaves as a network stream does: closing ends both ways, a peer that aborts is an <see cref="IOException"/>.
/// </summary>
/// <param name="input">What is read.</param>
/// <param name="output">What is written.</param>
/// <param name="closed">Told once, when this end is closed.</param>
internal sealed class DuplexStream(PipeReader input, PipeWriter output, Action? closed = null) : Stream
{
    private volatile bool isClosed;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var result = await input.ReadAsync(cancellationToken);
            if (result.IsCanceled || isClosed)
            {
                throw new IOException("The connection was closed.");
            }

            var taken = result.Buffer.Slice(0, Math.Min(buffer.Length, result.Buffer.Length));
            var count = (int)taken.Length;
            taken.CopyTo(buffer.Span);
            // From here on the sequence's segments are the pipe's again, and its length means nothing.
            input.AdvanceTo(taken.End);
            return count;
        }
        catch (Exception e) when (e is ConnectionAbortedException or InvalidOperationException)
        {
            throw new IOException("The connection was reset by the peer.", e);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            if ((await output.WriteAsync(buffer, cancellationToken)).IsCompleted)
            {
                throw new IOException("The peer has closed the connection.");
            }
        }
        catch (InvalidOperationException e)
        {
            throw new IOException("The connection was closed.", e);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    /// <inheritdoc/>
    public override void Flush()
    {
        // Every write is flushed.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !isClosed)
        {
            isClosed = true;
            // A read under way is woken rather than pulled from under its reader.
            input.CancelPendingRead();
            output.Complete();
            closed?.Invoke();
        }

        base.Dispose(disposing);
    }
}
