using System.IO.Pipelines;
using System.Threading.Channels;
using Tuppence.Upstreams.ClaudeCode.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>Writes to the program what is posted, in its order, while its output is read: neither end ever waits for the other.</summary>
internal sealed class ProcessInput(PipeWriter pipe, RequestLines lines)
{
    private const int Batch = 64 * 1024;

    private readonly Channel<(int Until, ReadOnlyMemory<byte> Line)> posts =
        Channel.CreateUnbounded<(int, ReadOnlyMemory<byte>)>(new UnboundedChannelOptions { SingleReader = true });

    private int next;

    /// <summary>Has the request's lines written up to an index.</summary>
    public void PostUntil(int index) => posts.Writer.TryWrite((index, default));

    /// <summary>Has one line written.</summary>
    public void Post(ReadOnlyMemory<byte> line) => posts.Writer.TryWrite((0, line));

    /// <summary>No more will be posted.</summary>
    public void Complete() => posts.Writer.TryComplete();

    /// <summary>Writes until <see cref="Complete"/>, or until the program reads no more.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var (until, line) in posts.Reader.ReadAllAsync(cancellation))
            {
                if (!line.IsEmpty)
                {
                    await pipe.WriteAsync(line, cancellation);
                }

                while (next < until)
                {
                    lines.Write(next++, pipe);
                    if (pipe.CanGetUnflushedBytes && pipe.UnflushedBytes > Batch)
                    {
                        await pipe.FlushAsync(cancellation);
                    }
                }

                if ((await pipe.FlushAsync(cancellation)).IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The program is gone, or is not wanted any more: its output's end says so.
        }
    }
}
