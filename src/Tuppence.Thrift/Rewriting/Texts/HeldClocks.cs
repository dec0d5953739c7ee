using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.RegularExpressions;

namespace Tuppence.Thrift.Rewriting.Texts;

/// <summary>
/// Rounds clocks down to a coarser step, so that they change seldom. A clock is a text with one time of day that came before with another
/// time, and whose time went on as the real one did; any other text stays as it is.
/// </summary>
internal sealed partial class HeldClocks
{
    private const int MostKnown = 64;
    private const int HalfDay = 12 * 60;
    private const double Tolerance = 2;

    private Dictionary<UInt128, (int Minutes, DateTimeOffset At, bool IsClock)> known = [];

    /// <summary>Bytes that are remembered.</summary>
    public int Bytes => known.Count * 64;

    /// <summary>A copy that learns by itself.</summary>
    public HeldClocks Copy()
    {
        var copy = (HeldClocks)MemberwiseClone();
        copy.known = new Dictionary<UInt128, (int Minutes, DateTimeOffset At, bool IsClock)>(known);
        return copy;
    }

    /// <summary>The text with its time rounded down; null where it is not plainly a clock, or already stands at a step.</summary>
    /// <param name="text">As written in JSON, without quotes.</param>
    /// <param name="at">The real time.</param>
    /// <param name="step">1 to 60 minutes.</param>
    public byte[]? Hold(ReadOnlyMemory<byte> text, DateTimeOffset at, TimeSpan step)
    {
        var said = Encoding.UTF8.GetString(text.Span);
        var times = TimeOfDay.Matches(said);
        if (times.Count != 1)
        {
            return null;
        }

        var (time, minute, second) = (times[0], times[0].Groups["minute"], times[0].Groups["second"]);
        var minutes = (Number(time.Groups["hour"]) % 12 * 60) + Number(minute);
        var shape = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(said.Remove(time.Index, time.Length)));
        if (!IsClock(shape, minutes, at))
        {
            return null;
        }

        var rounded = Number(minute) - (Number(minute) % Math.Clamp((int)step.TotalMinutes, 1, 60));
        var held = new StringBuilder(said);
        if (second.Success)
        {
            held.Remove(second.Index, second.Length).Insert(second.Index, "00");
        }

        held.Remove(minute.Index, minute.Length).Insert(minute.Index, rounded.ToString("00", CultureInfo.InvariantCulture));
        var bytes = Encoding.UTF8.GetBytes(held.ToString());
        return bytes.AsSpan().SequenceEqual(text.Span) ? null : bytes;
    }

    private bool IsClock(UInt128 shape, int minutes, DateTimeOffset at)
    {
        var isClock = false;
        if (known.TryGetValue(shape, out var last))
        {
            // A swipe comes within the same minute: then the text is what it was found to be before.
            var wentOn = ((minutes - last.Minutes) % HalfDay + HalfDay) % HalfDay;
            var off = Math.Abs((at - last.At).TotalMinutes % HalfDay - wentOn);
            isClock = Math.Min(off, HalfDay - off) <= Tolerance && (last.IsClock || wentOn > 0);
        }
        else if (known.Count >= MostKnown)
        {
            known.Clear();
        }

        known[shape] = (minutes, at, isClock);
        return isClock;
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<![\d:.])(?<hour>[01]?\d|2[0-3]):(?<minute>[0-5]\d)(:(?<second>[0-5]\d))?(?![\d:])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TimeOfDay { get; }
}
