using System.Globalization;
using System.Text;

namespace Tuppence.Thrift.Accounts;

/// <summary>Says an account in words.</summary>
internal static class TurnText
{
    public static string Line(TurnAccount turn, bool withText)
    {
        var text = new StringBuilder();
        var bill = turn.Reported;
        text.Append(CultureInfo.InvariantCulture, $"turn {turn.Number}: {Money.Format(turn.Cost)} (planned {Money.Format(turn.PlannedCost)}, without caching {Money.Format(turn.UncachedCost)}); read {bill.Read}, written {bill.Write5m}+{bill.Write1h}, uncached {bill.Uncached}");
        if (turn.Break.Cause != BreakCause.Nothing)
        {
            text.Append("; ").Append(Words(turn.Break, withText));
        }

        return text.ToString();
    }

    private static string Words(PrefixBreak at, bool withText)
    {
        var words = CauseWords.Of(at.Cause);
        var place = at.Block is { } block ? string.Create(CultureInfo.InvariantCulture, $" at block {block} ({Place(at)})") : "";
        var cost = at.Cost == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {at.Tokens} tokens again, {Money.Format(at.Cost)}");
        return words + place + cost + (withText && at.Diff is { } diff ? $": {diff}" : "");
    }

    private static string Place(PrefixBreak at) =>
        at.Message < 0 ? CauseWords.Of(at.Section) : string.Create(CultureInfo.InvariantCulture, $"message {at.Message}, {at.Role.ToString().ToLowerInvariant()}");
}
