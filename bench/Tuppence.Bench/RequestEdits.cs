using BenchmarkDotNet.Attributes;
using Tuppence.Messages.Edits;
using Tuppence.Messages.Requests;

namespace Tuppence.Bench;

/// <summary>What a request body costs before it is sent: the index alone, and preset, sampling filter and ttl strip with the copy.</summary>
[MemoryDiagnoser]
public class RequestEdits
{
    private const string PresetFile = """{"system":"Stay in character. Answer in the language of the last message, in at most four paragraphs."}""";

    private readonly EditContext context = new("2023-06-01");
    private byte[] body = [];
    private byte[] destination = [];
    private EditList edits = EditList.None;

    [Params("1 KB", "200 KB", "2 MB")]
    public string Size { get; set; } = "1 KB";

    [GlobalSetup]
    public void SetUp()
    {
        body = Bodies.Make(Size);
        destination = new byte[body.Length + 4096];
        edits = new EditSettings
        {
            Preset = PresetReader.Read("bench", System.Text.Encoding.UTF8.GetBytes(PresetFile)).Preset
                ?? throw new InvalidOperationException("The preset is malformed."),
            StripCacheTtl = true,
            SamplingFilter = SamplingFilterMode.Auto,
        }.Compile();

        using var outcome = edits.Apply(body, context);
        var expected = Size == "1 KB" ? 2 : 3; // the small request has no ttl
        if (outcome.Fault is not null || outcome.Applied.Count != expected)
        {
            throw new InvalidOperationException($"{outcome.Applied.Count} edits instead of {expected}: {string.Join(", ", outcome.Applied)} {outcome.Fault}");
        }
    }

    /// <summary>The floor: the copy that sending an edited body needs anyway.</summary>
    [Benchmark(Baseline = true)]
    public void CopyOnly() => body.CopyTo(destination, 0);

    [Benchmark]
    public bool Index() => MessageBody.TryRead(body, out _, out _);

    [Benchmark]
    public int EditAndCopy()
    {
        using var outcome = edits.Apply(body, context);
        outcome.CopyTo(destination);
        return outcome.Length;
    }
}
