using System.Buffers;
using Tuppence.Thrift.Accounts;

namespace Tuppence.State.Sqlite;

/// <summary>The strip of a turn in few bytes: for each run its tokens times eight and its kind, in groups of seven bits, the lowest first.</summary>
internal static class StripBytes
{
    /// <summary>Writes.</summary>
    public static byte[] Write(IReadOnlyList<PromptRun> strip)
    {
        var bytes = new ArrayBufferWriter<byte>(Math.Max(1, strip.Count * 4));
        foreach (var run in strip)
        {
            var rest = ((ulong)(uint)run.Tokens << 3) | (uint)run.Kind;
            while (rest >= 0x80)
            {
                bytes.Write([(byte)(rest | 0x80)]);
                rest >>= 7;
            }

            bytes.Write([(byte)rest]);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads; what is cut off is left out.</summary>
    public static IReadOnlyList<PromptRun> Read(ReadOnlySpan<byte> bytes)
    {
        var runs = new List<PromptRun>(bytes.Length);
        var (value, shift) = (0UL, 0);
        foreach (var part in bytes)
        {
            value |= (ulong)(part & 0x7f) << shift;
            shift += 7;
            if (part < 0x80)
            {
                runs.Add(new PromptRun((PromptRunKind)(value & 7), (int)(uint)(value >> 3)));
                (value, shift) = (0, 0);
            }
        }

        return runs;
    }
}
