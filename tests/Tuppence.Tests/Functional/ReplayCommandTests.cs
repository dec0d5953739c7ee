using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Tuppence.Commands;
using Tuppence.Configuration.Loading;
using Tuppence.Messages.Models;
using Tuppence.Tests.Unit.Configuration;
using Tuppence.Thrift.Families;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Recording;

namespace Tuppence.Tests.Functional;

/// <summary><c>tuppence replay</c>, from the files to the table and to the planned requests.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private readonly Scene scene = new();
    private readonly StringWriter output = new() { NewLine = "\n" };
    private readonly StringWriter error = new() { NewLine = "\n" };

    public void Dispose() => scene.Dispose();

    [Fact]
    public async Task It_prints_a_table_with_a_mean()
    {
        scene.File(Lines(1), "one.jsonl").File(Lines(2), "two.jsonl");
        Assert.Equal(ExitCode.Success, await RunAsync("replay", "."));
        Assert.Matches("(?m)^one +[0-9]+ ", output.ToString());
        Assert.Matches("(?m)^two +[0-9]+ ", output.ToString());
        Assert.Matches(@"(?m)^geometric mean +0\.[0-9]{3} ", output.ToString());
        Assert.Contains("1/2 one", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Planned_requests_are_written_in_full_with_every_text_as_it_was()
    {
        var lines = Lines(4);
        await File.WriteAllBytesAsync(Path.Combine(scene.WorkingDirectory, "note.jsonl.gz"), Zip(lines), TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Success, await RunAsync("replay", "note.jsonl.gz", "--out", "planned.jsonl"));

        var originals = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var planned = await File.ReadAllLinesAsync(Path.Combine(scene.WorkingDirectory, "planned.jsonl"), TestContext.Current.CancellationToken);
        Assert.Equal(originals.Length, planned.Length);
        var marks = 0;
        foreach (var (original, line) in originals.Zip(planned))
        {
            using var before = JsonDocument.Parse(original);
            using var after = JsonDocument.Parse(line);
            Assert.Equal("t request", string.Join(' ', after.RootElement.EnumerateObject().Select(static member => member.Name)));
            Assert.Equal(before.RootElement.GetProperty("t").GetRawText(), after.RootElement.GetProperty("t").GetRawText());
            Assert.Equal(Texts(before.RootElement), Texts(after.RootElement), StringComparer.Ordinal);
            marks += line.Split("cache_control").Length - 1;
        }

        Assert.True(marks > originals.Length);
    }

    [Fact]
    public async Task Several_traces_go_into_one_file_with_their_names_or_into_a_folder()
    {
        scene.File(Lines(1), "one.jsonl").File(Lines(2), "two.jsonl");
        Assert.Equal(ExitCode.Success, await RunAsync("replay", "one.jsonl", "two.jsonl", "--out", "all.jsonl"));
        var names = (await File.ReadAllLinesAsync(Path.Combine(scene.WorkingDirectory, "all.jsonl"), TestContext.Current.CancellationToken)).Select(static line => line[..15]).Distinct(StringComparer.Ordinal);
        Assert.Equal("{\"trace\":\"one\",{\"trace\":\"two\",", string.Concat(names));

        Assert.Equal(ExitCode.Success, await RunAsync("replay", "one.jsonl", "two.jsonl", "--out", "planned/"));
        Assert.StartsWith("{\"t\":", await File.ReadAllTextAsync(Path.Combine(scene.WorkingDirectory, "planned", "two.jsonl"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_prices_come_as_one_JSON_list()
    {
        scene.File(Lines(1), "one.jsonl");
        Assert.Equal(ExitCode.Success, await RunAsync("replay", "one.jsonl", "--price", "0.1", "--price", "claude-opus-5-5", "--json", "--entries", "independent", "--early-loss", "0.02", "--token-error", "0.15"));
        using var json = JsonDocument.Parse(output.ToString());
        Assert.Equal("0.1 claude-opus-5-5", string.Join(' ', json.RootElement.EnumerateArray().Select(static run => run.GetProperty("price").GetString())));
        Assert.All(json.RootElement.EnumerateArray(), static run =>
        {
            var trace = Assert.Single(run.GetProperty("traces").EnumerateArray());
            Assert.InRange(trace.GetProperty("ratio").GetDouble(), trace.GetProperty("lower_bound").GetDouble(), 1.05);
            Assert.Equal(1, trace.GetProperty("kept_text").GetDouble());
        });
    }

    [Theory]
    [InlineData("{\"t\":1,\"request\":{}}\n{\"t\":2}\n", "Line 2 of the trace lacks")]
    [InlineData("{\"t\":1,\"request\":{}}\n\n{\"t\":\n", "Line 3 of the trace is not a JSON object")]
    [InlineData("", "the file is empty")]
    public async Task A_bad_trace_is_named_with_its_line(string content, string expected)
    {
        scene.File(content, "bad.jsonl");
        Assert.Equal(ExitCode.Failure, await RunAsync("replay", "bad.jsonl"));
        Assert.Contains("bad.jsonl", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Fact]
    public async Task A_file_that_is_missing_or_no_gzip_is_said_so()
    {
        scene.File("{}", "plain.jsonl.gz");
        Assert.Equal(ExitCode.Failure, await RunAsync("replay", "nowhere.jsonl"));
        Assert.Equal(ExitCode.Failure, await RunAsync("replay", "plain.jsonl.gz"));
        Assert.Contains("nowhere.jsonl: there is no such file.", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("not a whole gzip file", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_without_content_gives_the_figures_of_the_trace_in_full()
    {
        scene.File(Lines(1), "full.jsonl").File(WithoutContent(1), "bare.jsonl");
        Assert.Equal(ExitCode.Success, await RunAsync("replay", "full.jsonl", "bare.jsonl", "--json"));
        using var json = JsonDocument.Parse(output.ToString());
        var traces = json.RootElement[0].GetProperty("traces").EnumerateArray().Select(static trace => trace.GetRawText()).ToArray();
        Assert.Equal(traces[0].Replace("\"full\"", "\"bare\"", StringComparison.Ordinal), traces[1]);
        Assert.InRange(json.RootElement[0].GetProperty("traces")[1].GetProperty("ratio").GetDouble(), 0.05, 0.9);
    }

    [Theory]
    [InlineData("--level", "relocate", "no text that --level relocate could rewrite")]
    [InlineData("--level", "relocate+window", "no text that --level relocate+window could rewrite")]
    [InlineData("--out", "planned.jsonl", "no requests that --out could write")]
    public async Task What_needs_content_is_refused_where_a_trace_has_none(string option, string value, string expected)
    {
        scene.File(WithoutContent(1), "bare.jsonl");
        Assert.Equal(ExitCode.Usage, await RunAsync("replay", "bare.jsonl", option, value));
        Assert.Contains("bare is a recording without content", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
        Assert.Contains("tuppence record --bodies", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
        Assert.False(File.Exists(Path.Combine(scene.WorkingDirectory, "planned.jsonl")));
    }

    [Theory]
    [InlineData("--level", "more", "off, respect, markers")]
    [InlineData("--price", "1.5", "a share in thousandths")]
    [InlineData("--price", "gpt", "claude-opus-5-5")]
    [InlineData("--min", "few", "a number of tokens")]
    [InlineData("--entries", "loose", "chained or independent")]
    [InlineData("--early-loss", "2", "from 0 to below 1")]
    public async Task A_value_that_is_not_understood_is_answered_with_what_is(string option, string value, string expected)
    {
        scene.File(Lines(1), "one.jsonl");
        Assert.Equal(ExitCode.Usage, await RunAsync("replay", "one.jsonl", option, value));
        Assert.Contains($"{option} {value} is not understood", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
    }

    private static string Lines(int family) => string.Concat(Family.All[family - 1].Make(0).Take(12).Select(static request =>
        $"{{\"t\":{(request.At - DateTimeOffset.UnixEpoch).TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture)},\"kind\":\"{request.Kind}\",\"request\":{Encoding.UTF8.GetString(request.Body.Span)}}}\n"));

    private static string WithoutContent(int family)
    {
        var lines = new ArrayBufferWriter<byte>();
        var recorder = new TraceRecorder(new byte[TraceRecorder.LeastSalt], DateTimeOffset.UnixEpoch);
        var reader = new PromptReader(ByteTokenCounter.Instance, ModelTable.Default);
        var prompt = new Prompt();
        foreach (var request in Family.All[family - 1].Make(0).Take(12))
        {
            Assert.True(reader.TryRead(request.Body, prompt));
            recorder.Write(lines, prompt, "here", request.At, null);
        }

        return Encoding.UTF8.GetString(lines.WrittenSpan);
    }

    private static byte[] Zip(string text)
    {
        using var bytes = new MemoryStream();
        using (var zipped = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            zipped.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    private static IEnumerable<string?> Texts(JsonElement line) =>
        line.GetProperty("request").GetProperty("system").EnumerateArray()
            .Concat(line.GetProperty("request").GetProperty("messages").EnumerateArray().SelectMany(static message => message.GetProperty("content").EnumerateArray()))
            .Select(static block => block.GetProperty("text").GetString());

    private Task<int> RunAsync(params string[] args) =>
        new CommandLine(new NoHosts(), new Terminal(output, error), scene.Surroundings, TimeProvider.System).RunAsync(args, TestContext.Current.CancellationToken);

    private sealed class NoHosts : IHosts
    {
        public Task<int> ServeAsync(LoadedConfiguration configuration, ConfigurationSource source, CancellationToken stop) => throw new InvalidOperationException("Nothing is to be served.");

        public Task<int> EmulateAsync(EmulateSettings settings, CancellationToken stop) => throw new InvalidOperationException("Nothing is to be emulated.");
    }
}
