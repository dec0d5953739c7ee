using System.Globalization;
using System.Text.Json;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Recording;

/// <summary>Reads what <see cref="TraceRecorder"/> wrote.</summary>
public static class RecordingReader
{
    /// <summary>Whether a line looks like one of a content-free recording rather than of a trace with bodies.</summary>
    public static bool Recognises(ReadOnlySpan<byte> line) => line.TrimStart(" \t"u8).StartsWith("{\"v\":"u8);

    /// <summary>Between two recordings in one file. How long it really was is not written; none of the second could be read from the cache anyway, its salt being another.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromHours(2);

    /// <summary>Reads all lines. Several recordings one behind the other, as restarts leave them, become one.</summary>
    /// <param name="lines">UTF-8.</param>
    /// <returns>The requests, in the order of their starts.</returns>
    /// <exception cref="FormatException">A line is none of a recording, or the recording lacks a line before it; the message names it.</exception>
    public static IReadOnlyList<RecordedRequest> Read(ReadOnlyMemory<byte> lines)
    {
        var requests = new List<RecordedRequest>();
        var blocks = new List<RecordedBlock>();
        var (beginning, latest) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var number = 1; !lines.IsEmpty; number++)
        {
            var end = lines.Span.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
            if (line.Span.Trim(" \r\t"u8).IsEmpty)
            {
                continue;
            }

            try
            {
                using var json = JsonDocument.Parse(line);
                if (requests.Count > 0 && json.RootElement.TryGetProperty("first", out var first) && first.GetBoolean())
                {
                    blocks.Clear();
                    beginning = latest + Pause;
                }

                var request = ReadRequest(json.RootElement, blocks);
                requests.Add(request with { At = request.At + beginning });
                latest = requests[^1].At > latest ? requests[^1].At : latest;
            }
            catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or OverflowException)
            {
                throw new FormatException($"Line {number.ToString(CultureInfo.InvariantCulture)} is not a line of a content-free recording, or lines before it are missing: {e.Message}", e);
            }
        }

        return [.. requests.OrderBy(static request => request.At)];
    }

    private static RecordedRequest ReadRequest(JsonElement line, List<RecordedBlock> known)
    {
        if (line.GetProperty("v").GetInt32() != TraceRecorder.Version)
        {
            throw new FormatException($"version {line.GetProperty("v").GetRawText()} is not known here; this program reads version {TraceRecorder.Version.ToString(CultureInfo.InvariantCulture)}.");
        }

        foreach (var block in line.GetProperty("new").EnumerateArray())
        {
            known.Add(ReadBlock(block));
        }

        var blocks = new List<RecordedBlock>();
        var (beginning, latest) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var run in line.GetProperty("blocks").EnumerateArray())
        {
            blocks.AddRange(known.GetRange(run[0].GetInt32(), run[1].GetInt32()));
        }

        var breakpoints = line.TryGetProperty("marks", out var marks)
            ? marks.EnumerateArray().Select(static mark => new Breakpoint(mark[0].GetInt32(), Names.Life(mark[1].GetString()!))).ToArray()
            : [];
        if (Array.Exists(breakpoints, mark => mark.Block < 0 || mark.Block >= blocks.Count))
        {
            throw new FormatException("a breakpoint is on a block that the request does not have.");
        }

        return new RecordedRequest
        {
            At = TimeSpan.FromTicks((long)(line.GetProperty("t").GetDecimal() * TimeSpan.TicksPerSecond)),
            Scope = Hash(line.GetProperty("scope")),
            Model = line.GetProperty("model").GetString() ?? "",
            Root = Hash(line.GetProperty("root")),
            Speed = line.TryGetProperty("speed", out var speed) ? Hash(speed) : 0,
            Settings = Hash(line.GetProperty("settings")),
            Blocks = blocks,
            Breakpoints = breakpoints,
            Automatic = line.TryGetProperty("auto", out var automatic) ? Names.Life(automatic.GetString()!) : null,
            Usage = line.TryGetProperty("usage", out var usage) ? ReadUsage(usage) : null,
        };
    }

    private static RecordedBlock ReadBlock(JsonElement block) => new(
        Hash(block.GetProperty("h")),
        block.GetProperty("n").GetInt32(),
        Names.Kind(block.GetProperty("kind").GetString()!),
        Names.Section(block.GetProperty("in").GetString()!),
        Names.Role(block.GetProperty("role").GetString()!),
        block.TryGetProperty("begins", out var begins) && begins.GetBoolean(),
        !block.TryGetProperty("markable", out var markable) || markable.GetBoolean(),
        block.TryGetProperty("p", out var paragraphs) ? [.. paragraphs.EnumerateArray().Select(ReadParagraph)] : []);

    private static RecordedParagraph ReadParagraph(JsonElement paragraph) =>
        new(ulong.Parse(paragraph[0].GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), paragraph[1].GetInt32());

    private static RecordedUsage ReadUsage(JsonElement usage) => new(
        new CacheBill(Number(usage, "read"), Number(usage, "write_1h"), Number(usage, "write_5m"), Number(usage, "input")),
        Number(usage, "output"),
        TimeSpan.FromMilliseconds(usage.GetProperty("first_ms").GetInt64()),
        TimeSpan.FromMilliseconds(usage.GetProperty("ms").GetInt64()));

    private static int Number(JsonElement usage, string name) => usage.GetProperty(name).GetInt32();

    private static UInt128 Hash(JsonElement value) => UInt128.Parse(value.GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
