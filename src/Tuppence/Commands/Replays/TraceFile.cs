using System.IO.Compression;
using Tuppence.Thrift.Recording;
using Tuppence.Thrift.Traces;

namespace Tuppence.Commands.Replays;

/// <summary>A file of recorded requests.</summary>
/// <param name="Name">Its name without folder and extension.</param>
/// <param name="Path">Where it is.</param>
internal sealed record TraceFile(string Name, string Path)
{
    private const string Plain = ".jsonl";
    private const string Zipped = ".jsonl.gz";

    /// <summary>The files that arguments name; a folder stands for all traces in it, in the order of their names.</summary>
    /// <exception cref="TraceFileException">One is not there, or a folder holds no trace.</exception>
    public static IReadOnlyList<TraceFile> Find(IEnumerable<string> arguments, string directory)
    {
        var files = new List<TraceFile>();
        foreach (var argument in arguments)
        {
            var path = System.IO.Path.GetFullPath(argument, directory);
            if (Directory.Exists(path))
            {
                var inside = Directory.EnumerateFiles(path).Where(static file => file.EndsWith(Plain, StringComparison.Ordinal) || file.EndsWith(Zipped, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
                files.AddRange(inside.Length > 0 ? inside.Select(Of) : throw new TraceFileException($"{argument}: the folder holds no {Plain} and no {Zipped} file."));
            }
            else
            {
                files.Add(File.Exists(path) ? Of(path) : throw new TraceFileException($"{argument}: there is no such file."));
            }
        }

        return files;
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="TraceFileException">It cannot be read, or is no trace; the message names file and line.</exception>
    public LoadedTrace Read()
    {
        try
        {
            var bytes = Bytes();
            var trace = RecordingReader.Recognises(bytes.Span) ? new LoadedTrace([], RecordingReader.Read(bytes)) : new LoadedTrace(TraceReader.Read(bytes), null);
            return trace.Count > 0 ? trace : throw new TraceFileException($"{Path}: the file is empty.");
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new TraceFileException($"{Path}: {e.Message}", e);
        }
        catch (InvalidDataException e)
        {
            throw new TraceFileException($"{Path}: the file ends in .gz and is not a whole gzip file.", e);
        }
    }

    /// <summary>Reads requests in full.</summary>
    /// <exception cref="TraceFileException">It cannot be read, is no trace, or has no content.</exception>
    public IReadOnlyList<TraceRequest> ReadInFull() => Read() is { Recording: null } trace
        ? trace.Requests
        : throw new TraceFileException($"{Path} is a recording without content, and the benchmark rewrites text as well. Record the requests in full (tuppence record --bodies), or use tuppence replay for this one.");

    private static TraceFile Of(string path)
    {
        var name = System.IO.Path.GetFileName(path);
        return new TraceFile(name.EndsWith(Zipped, StringComparison.Ordinal) ? name[..^Zipped.Length] : System.IO.Path.GetFileNameWithoutExtension(name), path);
    }

    private ReadOnlyMemory<byte> Bytes()
    {
        if (!Path.EndsWith(".gz", StringComparison.Ordinal))
        {
            return File.ReadAllBytes(Path);
        }

        using var bytes = new MemoryStream();
        using (var file = new GZipStream(File.OpenRead(Path), CompressionMode.Decompress))
        {
            file.CopyTo(bytes);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }
}
