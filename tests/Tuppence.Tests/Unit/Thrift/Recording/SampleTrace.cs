using System.IO.Compression;
using Tuppence.Tests.Golden.Configuration;
using Tuppence.Thrift.Traces;

namespace Tuppence.Tests.Unit.Thrift.Recording;

/// <summary>The first requests of two chats of the real SillyTavern: one with a clock and random macros, one with an author's note.</summary>
internal static class SampleTrace
{
    public static IReadOnlyList<TraceRequest> Read()
    {
        using var file = File.OpenRead(Path.Combine(GoldenText.RepositoryRoot, "tests", "Tuppence.Tests", "Unit", "Thrift", "Recording", "sillytavern-sample.jsonl.gz"));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        unzipped.CopyTo(bytes);
        return [.. TraceReader.Read(bytes.ToArray()).OrderBy(static request => request.At)];
    }
}
