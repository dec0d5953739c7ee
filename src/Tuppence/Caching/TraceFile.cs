using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Tuppence.Messages.Models;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Recording;

namespace Tuppence.Caching;

/// <summary>
/// The trace that a user asked for: a line for each planned request, added to a file that only he can read. Without bodies it holds
/// salted hashes and numbers; the salt is random, held in memory and forgotten with the process.
/// </summary>
internal sealed class TraceFile : IDisposable
{
    private const int SaltLength = 32;

    private readonly FileStream file;
    private readonly TraceRecorder recorder;
    private readonly PromptReader reader = new(ByteTokenCounter.Instance, ModelTable.Default);
    private readonly ArrayBufferWriter<byte> line = new(4096);
    private readonly DateTimeOffset beginning;
    private readonly Lock gate = new();

    private TraceFile(FileStream file, bool withBodies, DateTimeOffset beginning)
    {
        (this.file, WithBodies, this.beginning) = (file, withBodies, beginning);
        recorder = new TraceRecorder(RandomNumberGenerator.GetBytes(SaltLength), beginning);
    }

    /// <summary>Where it lies.</summary>
    public string Path => file.Name;

    /// <summary>Whether the requests themselves are written, in the form that <c>tuppence replay</c> reads.</summary>
    public bool WithBodies { get; }

    /// <summary>Opens a file to add to; it is made with mode 0600 where it is not there.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static TraceFile Open(string path, bool withBodies, DateTimeOffset beginning)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new TraceFile(new FileStream(path, options), withBodies, beginning);
    }

    /// <summary>Writes one request. Each line is whole, and leaves at once.</summary>
    /// <param name="request">The request.</param>
    /// <param name="usage">What became of it, or null.</param>
    /// <exception cref="IOException">The disk is full, or the like.</exception>
    public void Write(RecordedBody request, RecordedUsage? usage)
    {
        lock (gate)
        {
            line.ResetWrittenCount();
            if (WithBodies)
            {
                WriteBody(request);
            }
            else
            {
                var prompt = new Prompt();
                if (!reader.TryRead(request.Body, prompt))
                {
                    return;
                }

                recorder.Write(line, prompt, request.Scope, request.At, usage);
            }

            file.Write(line.WrittenSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            file.Dispose();
        }
    }

    private void WriteBody(RecordedBody request)
    {
        line.Write("{\"t\":"u8);
        line.Write(System.Text.Encoding.ASCII.GetBytes(((decimal)(request.At - beginning).Ticks / TimeSpan.TicksPerSecond).ToString("0.######", CultureInfo.InvariantCulture)));
        line.Write(",\"request\":"u8);
        var body = line.GetSpan(request.Body.Length)[..request.Body.Length];
        request.Body.CopyTo(body);

        // Between JSON's tokens a line may end; inside a line of the trace it must not. (Inside strings it is escaped.)
        body.Replace((byte)'\n', (byte)' ');
        body.Replace((byte)'\r', (byte)' ');
        line.Advance(body.Length);
        line.Write("}\n"u8);
    }
}
