using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Recording;

/// <summary>
/// Writes a trace that holds no content: of each request salted hashes, tokens, roles, kinds, times, breakpoints, and what the provider
/// billed. It can be replayed against any placement of breakpoints. A JSON object a line. Not safe for parallel use.
/// </summary>
/// <remarks>
/// A block is told in full where it comes for the first time (<c>new</c>) and by its number afterwards (<c>blocks</c>: runs of numbers as
/// <c>[first, count]</c>). The salt is never written: throw it away, and nobody can test whether a text he knows is in the trace.
/// </remarks>
public sealed class TraceRecorder
{
    /// <summary>The version of the format.</summary>
    public const int Version = 1;

    /// <summary>Least bytes of salt.</summary>
    public const int LeastSalt = 16;

    private readonly SaltedHash hash;
    private readonly DateTimeOffset beginning;
    private readonly Dictionary<(UInt128 Block, int Tokens), int> numbers = [];
    private bool hasBegun;

    /// <summary>Begins a recording.</summary>
    /// <param name="salt">Random bytes, at least 16, new for each recording.</param>
    /// <param name="beginning">The time that times are counted from; itself not written.</param>
    /// <exception cref="ArgumentException">The salt is too short.</exception>
    public TraceRecorder(ReadOnlySpan<byte> salt, DateTimeOffset beginning)
    {
        if (salt.Length < LeastSalt)
        {
            throw new ArgumentException($"The salt of a recording needs at least {LeastSalt.ToString(CultureInfo.InvariantCulture)} random bytes.", nameof(salt));
        }

        hash = new SaltedHash(salt);
        this.beginning = beginning;
    }

    /// <summary>Writes one request, with the line break behind it. Lines need not be in the order of their starts.</summary>
    /// <param name="output">Takes UTF-8.</param>
    /// <param name="prompt">The request as the client sent it.</param>
    /// <param name="scope">Who shares the cache, as in <see cref="Planning.PlanContext.Scope"/>.</param>
    /// <param name="at">When it started.</param>
    /// <param name="usage">What became of it; null where it was not answered.</param>
    public void Write(IBufferWriter<byte> output, Prompt prompt, string scope, DateTimeOffset at, RecordedUsage? usage)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(scope);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("v"u8, Version);
            if (!hasBegun)
            {
                // A file may be gone on with after a restart: numbers and times begin anew here.
                json.WriteBoolean("first"u8, true);
                hasBegun = true;
            }

            json.WriteNumber("t"u8, decimal.Round((decimal)(at - beginning).Ticks / TimeSpan.TicksPerSecond, 6));
            json.WriteString("scope"u8, Hex(hash.Of(MemoryMarshal.AsBytes(scope.AsSpan()))));
            json.WriteString("model"u8, prompt.Model);
            json.WriteString("root"u8, Hex(hash.Of(prompt.Root)));
            if (prompt.Body.TryFind("speed"u8, out var speed))
            {
                json.WriteString("speed"u8, Hex(hash.Of(speed.Value.Of(prompt.Body.Bytes.Span))));
            }

            json.WriteString("settings"u8, Hex(hash.Of(prompt.Settings)));
            WriteBlocks(json, prompt);
            WriteBreakpoints(json, prompt);
            WriteUsage(json, usage);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private void WriteBlocks(Utf8JsonWriter json, Prompt prompt)
    {
        var sent = new int[prompt.Blocks.Length];
        json.WriteStartArray("new"u8);
        for (var i = 0; i < sent.Length; i++)
        {
            ref readonly var block = ref prompt.Blocks[i];
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, (block.Hash, block.Tokens), out var known);
            if (!known)
            {
                number = numbers.Count - 1;
                WriteBlock(json, prompt, i);
            }

            sent[i] = number;
        }

        json.WriteEndArray();
        json.WriteStartArray("blocks"u8);
        for (var i = 0; i < sent.Length;)
        {
            var run = 1;
            while (i + run < sent.Length && sent[i + run] == sent[i] + run)
            {
                run++;
            }

            json.WriteStartArray();
            json.WriteNumberValue(sent[i]);
            json.WriteNumberValue(run);
            json.WriteEndArray();
            i += run;
        }

        json.WriteEndArray();
    }

    private void WriteBlock(Utf8JsonWriter json, Prompt prompt, int index)
    {
        ref readonly var block = ref prompt.Blocks[index];
        json.WriteStartObject();
        json.WriteString("h"u8, Hex(hash.Of(block.Hash)));
        json.WriteNumber("n"u8, block.Tokens);
        json.WriteString("kind"u8, Names.Of(block.Kind));
        json.WriteString("in"u8, Names.Of(block.Section));
        json.WriteString("role"u8, Names.Of(block.Role));
        if (block.Message >= 0 && (index == 0 || prompt.Blocks[index - 1].Message != block.Message))
        {
            json.WriteBoolean("begins"u8, true);
        }

        if (!block.IsMarkable)
        {
            json.WriteBoolean("markable"u8, false);
        }

        if (!block.Text.IsEmpty && !prompt.Body.Bytes.IsEmpty)
        {
            WriteParagraphs(json, block.Text.Of(prompt.Body.Bytes.Span));
        }

        json.WriteEndObject();
    }

    private void WriteParagraphs(Utf8JsonWriter json, ReadOnlySpan<byte> text)
    {
        var lengths = Paragraphs.Of(text);
        if (lengths.Count < 2)
        {
            return;
        }

        json.WriteStartArray("p"u8);
        var from = 1;
        foreach (var length in lengths)
        {
            json.WriteStartArray();
            json.WriteStringValue(((ulong)hash.Of(text.Slice(from, length))).ToString("x16", CultureInfo.InvariantCulture));
            json.WriteNumberValue(length);
            json.WriteEndArray();
            from += length;
        }

        json.WriteEndArray();
    }

    private static void WriteBreakpoints(Utf8JsonWriter json, Prompt prompt)
    {
        if (!prompt.Breakpoints.IsEmpty)
        {
            json.WriteStartArray("marks"u8);
            foreach (var breakpoint in prompt.Breakpoints)
            {
                json.WriteStartArray();
                json.WriteNumberValue(breakpoint.Block);
                json.WriteStringValue(Names.Of(breakpoint.Ttl));
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        if (prompt.Automatic is { } automatic)
        {
            json.WriteString("auto"u8, Names.Of(automatic));
        }
    }

    private static void WriteUsage(Utf8JsonWriter json, RecordedUsage? usage)
    {
        if (usage is not { } answered)
        {
            return;
        }

        json.WriteStartObject("usage"u8);
        json.WriteNumber("read"u8, answered.Bill.Read);
        json.WriteNumber("write_1h"u8, answered.Bill.Write1h);
        json.WriteNumber("write_5m"u8, answered.Bill.Write5m);
        json.WriteNumber("input"u8, answered.Bill.Uncached);
        json.WriteNumber("output"u8, answered.OutputTokens);
        json.WriteNumber("first_ms"u8, (long)answered.FirstEvent.TotalMilliseconds);
        json.WriteNumber("ms"u8, (long)answered.Duration.TotalMilliseconds);
        json.WriteEndObject();
    }

    private static string Hex(UInt128 value) => value.ToString("x32", CultureInfo.InvariantCulture);
}
