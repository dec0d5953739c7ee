using System.Buffers;
using System.Text;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;
using Tuppence.Thrift;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Recording;
using Tuppence.Thrift.Replays;
using Tuppence.Thrift.Simulation;
using Tuppence.Thrift.Traces;

namespace Tuppence.Tests.Unit.Thrift.Recording;

public sealed class RecordingTests
{
    private static readonly byte[] Salt = [.. Enumerable.Range(1, 16).Select(static i => (byte)i)];
    private static readonly IReadOnlyList<TraceRequest> Trace = SampleTrace.Read();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CacheLevel.Markers)]
    [InlineData(CacheLevel.Respect)]
    public void Replaying_without_content_costs_just_what_replaying_the_bodies_costs(CacheLevel level)
    {
        var options = new ReplayOptions { Level = level };
        var recording = RecordingReader.Read(Record(Trace, Salt));
        var full = new TraceReplay(options, ReplayPlanner.For(options)).Run(Trace, stop: Stop);
        Assert.True(full.Cost > 0);
        Assert.Equal(full, new TraceReplay(options, ReplayPlanner.For(options)).Run(recording, Stop));
        var (expected, actual) = (Yardsticks.Of(Trace, options, []), Yardsticks.Of(recording, options, []));
        Assert.Equal(expected with { Placements = actual.Placements }, actual);
    }

    [Theory]
    [InlineData(CacheLevel.Split)]
    [InlineData(CacheLevel.Relocate)]
    [InlineData(CacheLevel.Window)]
    [InlineData(CacheLevel.RelocateWindow)]
    public void What_would_rewrite_text_is_refused_where_there_is_none(CacheLevel level)
    {
        var options = new ReplayOptions { Level = level };
        var recording = RecordingReader.Read(Record(Trace, Salt));
        var refused = Assert.Throws<ArgumentException>(() => new TraceReplay(options, ReplayPlanner.For(options)).Run(recording, Stop));
        Assert.Contains("markers", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_counts_make_the_plan_worse_and_not_the_bill_wrong()
    {
        var recording = RecordingReader.Read(Record(Trace, Salt));
        var (right, wrong) = (new ReplayOptions(), new ReplayOptions { TokenError = 0.15 });
        var exact = new TraceReplay(right, ReplayPlanner.For(right)).Run(recording, Stop);
        var off = new TraceReplay(wrong, ReplayPlanner.For(wrong)).Run(recording, Stop);
        Assert.Equal((exact.Tokens, exact.Uncached), (off.Tokens, off.Uncached));
        Assert.Equal(0, exact.ForecastError, 6);
        Assert.NotEqual(0, off.ForecastError, 6);
    }

    [Fact]
    public void A_file_that_was_gone_on_with_after_a_restart_reads_as_one()
    {
        var once = RecordingReader.Read(Record(Trace, Salt));
        var twice = RecordingReader.Read((byte[])[.. Record(Trace, Salt).Span, .. Record(Trace, [.. Salt.Reverse()]).Span]);
        Assert.Equal(2 * once.Count, twice.Count);
        Assert.True(twice[once.Count].At > once[^1].At);
        Assert.Equal(once[^1].Blocks.Select(static block => block.Hash), twice[once.Count - 1].Blocks.Select(static block => block.Hash));
        Assert.Equal(once[^1].Blocks.Select(static block => block.Tokens), twice[^1].Blocks.Select(static block => block.Tokens));
        var options = new ReplayOptions();
        var (one, both) = (new TraceReplay(options, ReplayPlanner.For(options)).Run(once, Stop), new TraceReplay(options, ReplayPlanner.For(options)).Run(twice, Stop));
        Assert.Equal(2 * one.Uncached, both.Uncached);
        Assert.InRange(both.Ratio, one.Ratio * 0.9, one.Ratio * 1.1);
    }

    [Fact]
    public void Tools_settings_speed_and_client_breakpoints_survive()
    {
        TraceRequest[] requests =
        [
            Request(0, "\"speed\":\"fast\",\"thinking\":{\"type\":\"adaptive\"},", Long("one")),
            Request(60, "\"speed\":\"fast\",\"thinking\":{\"type\":\"adaptive\"},", Long("one"), Long("two")),
            Request(120, "\"speed\":\"fast\",", Long("one"), Long("two"), Long("three")),
            Request(180, "\"cache_control\":{\"type\":\"ephemeral\"},", Long("one")),
            Request(240, "\"cache_control\":{\"type\":\"ephemeral\"},", Long("one"), Long("two")),
        ];
        var options = new ReplayOptions { Level = CacheLevel.Respect };
        var bills = new List<CacheBill>();
        var full = new TraceReplay(options, ReplayPlanner.For(options)) { Served = (_, _, outcome) => bills.Add(outcome.Bill) }.Run(requests, stop: Stop);
        var bare = new List<CacheBill>();
        var cost = new TraceReplay(options, ReplayPlanner.For(options)) { Served = (_, _, outcome) => bare.Add(outcome.Bill) }.Run(RecordingReader.Read(Record(requests, Salt)), Stop);
        Assert.Equal(full, cost);
        Assert.Equal(bills, bare);
        Assert.Contains(bills, static bill => bill.Read > 0);
        Assert.Contains(bills, static bill => bill is { Write1h: > 0, Write5m: 0 });
        Assert.Contains(bills, static bill => bill is { Write1h: > 0, Write5m: > 0 });
    }

    [Fact]
    public void No_word_of_the_chat_is_in_the_recording()
    {
        var recording = Encoding.UTF8.GetString(Record(Trace, Salt).Span);
        var prompt = new Prompt();
        var reader = new PromptReader(ByteTokenCounter.Instance, ModelTable.Default);
        foreach (var request in Trace)
        {
            Assert.True(reader.TryRead(request.Body, prompt));
            foreach (ref readonly var block in prompt.Blocks)
            {
                var words = JsonText.Decode(block.Text.Of(request.Body.Span)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(static word => word.Length > 8);
                Assert.All(words, word => Assert.DoesNotContain(word, recording, StringComparison.Ordinal));
                Assert.DoesNotContain(block.Hash.ToString("x32", null), recording, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Another_salt_leaves_no_hash_the_same()
    {
        var other = RecordingReader.Read(Record(Trace, new byte[16]));
        var hashes = RecordingReader.Read(Record(Trace, Salt)).SelectMany(static request => request.Blocks).Select(static block => block.Hash).ToHashSet();
        Assert.DoesNotContain(other.SelectMany(static request => request.Blocks), block => hashes.Contains(block.Hash));
        Assert.Throws<ArgumentException>(static () => new TraceRecorder(new byte[15], DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void What_is_known_of_the_answer_is_read_back()
    {
        var usage = new RecordedUsage(new CacheBill(5, 6, 7, 8), 9, TimeSpan.FromMilliseconds(1500), TimeSpan.FromMilliseconds(9000));
        var output = new ArrayBufferWriter<byte>();
        var prompt = Read(Trace[0]);
        new TraceRecorder(Salt, DateTimeOffset.UnixEpoch).Write(output, prompt, "here", DateTimeOffset.UnixEpoch.AddSeconds(1.25), usage);
        var request = RecordingReader.Read(output.WrittenMemory).Single();
        Assert.Equal(usage, request.Usage);
        Assert.Equal(TimeSpan.FromSeconds(1.25), request.At);
        Assert.Equal(prompt.Model, request.Model);
        Assert.Equal(prompt.Blocks.Length, request.Blocks.Count);
        Assert.True(RecordingReader.Recognises(output.WrittenSpan));
    }

    [Fact]
    public void Paragraphs_tell_which_part_of_a_text_stayed()
    {
        var output = new ArrayBufferWriter<byte>();
        var recorder = new TraceRecorder(Salt, DateTimeOffset.UnixEpoch);
        var (stable, before, after) = (Long("stays"), Long("old"), Long("new"));
        recorder.Write(output, Read(Request(0, "", stable + "\\n\\n" + before)), "here", DateTimeOffset.UnixEpoch, null);
        recorder.Write(output, Read(Request(1, "", stable + "\\n\\n" + after)), "here", DateTimeOffset.UnixEpoch.AddSeconds(1), null);
        var requests = RecordingReader.Read(output.WrittenMemory);
        var (first, second) = (requests[0].Blocks[2].Paragraphs, requests[1].Blocks[2].Paragraphs);
        Assert.Equal(2, first.Count);
        Assert.Equal(first[0], second[0]);
        Assert.NotEqual(first[1].Hash, second[1].Hash);
        Assert.Equal(stable.Length + 4, first[0].Bytes);
    }

    [Theory]
    [InlineData("{\"t\":1}", "Line 2")]
    [InlineData("{\"v\":2,\"t\":1}", "version 2 is not known")]
    [InlineData("nonsense", "Line 2")]
    [InlineData("{\"v\":1,\"t\":1,\"scope\":\"1\",\"model\":\"\",\"root\":\"1\",\"settings\":\"1\",\"new\":[],\"blocks\":[[5,1]]}", "lines before it are missing")]
    public void A_line_that_is_none_is_named(string line, string says)
    {
        var fault = Assert.Throws<FormatException>(() => RecordingReader.Read(Encoding.UTF8.GetBytes("\n" + line)));
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    private static ReadOnlyMemory<byte> Record(IReadOnlyList<TraceRequest> trace, byte[] salt)
    {
        var output = new ArrayBufferWriter<byte>();
        var recorder = new TraceRecorder(salt, DateTimeOffset.UnixEpoch);
        foreach (var request in trace)
        {
            recorder.Write(output, Read(request), "here", request.At, null);
        }

        return output.WrittenMemory;
    }

    private static Prompt Read(TraceRequest request)
    {
        var prompt = new Prompt();
        Assert.True(new PromptReader(ByteTokenCounter.Instance, ModelTable.Default).TryRead(request.Body, prompt));
        return prompt;
    }

    private static string Long(string word) => string.Join(' ', Enumerable.Repeat(word, 1600));

    private static TraceRequest Request(int seconds, string members, params string[] texts)
    {
        var messages = string.Join(',', texts.Select(static text => $$$"""{"role":"user","content":[{"type":"text","text":"{{{text}}}","cache_control":{"type":"ephemeral","ttl":"1h"}},{"type":"tool_result","tool_use_id":"a","content":"x"},{"type":"tool_result","tool_use_id":"b","content":"y"}]}"""));
        var body = $$$"""{"model":"claude-sonnet-5",{{{members}}}"tools":[{"name":"roll","input_schema":{"type":"object"}}],"system":"You are Maren.","messages":[{{{messages}}}]}""";
        return new TraceRequest(DateTimeOffset.UnixEpoch.AddSeconds(seconds), "", Encoding.UTF8.GetBytes(body), 0);
    }
}
