using System.IO.Compression;
using System.Text.Json;
using Tuppence.Tests.Golden.Configuration;
using Tuppence.Thrift.Benchmarks;
using Tuppence.Thrift.Traces;

namespace Tuppence.Tests.Unit.Thrift.Replays;

/// <summary>The recorded traces, which lie beside a checkout and are no part of it, and the figures that were last kept of them.</summary>
internal static class RecordedTraces
{
    private static readonly string Folder = Path.Combine(GoldenText.RepositoryRoot, "..", "shared", "data", "traces");

    /// <summary>Those that are there.</summary>
    public static IReadOnlyList<BenchCase> Cases { get; } = Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder, "*.jsonl.gz").Order(StringComparer.Ordinal).Select(static file => new BenchCase(Path.GetFileName(file)[..^".jsonl.gz".Length], null, () => Read(file)))]
        : [];

    /// <summary>The committed <c>bench/cache.json</c>.</summary>
    public static JsonElement Kept { get; } = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(GoldenText.RepositoryRoot, "bench", "cache.json"))).RootElement;

    private static IReadOnlyList<TraceRequest> Read(string file)
    {
        using var bytes = new MemoryStream();
        using (var zipped = new GZipStream(File.OpenRead(file), CompressionMode.Decompress))
        {
            zipped.CopyTo(bytes);
        }

        return TraceReader.Read(bytes.ToArray());
    }
}
