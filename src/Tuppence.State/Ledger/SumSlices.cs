namespace Tuppence.State.Ledger;

/// <summary>A span of time cut into whole hours, which are added up already, and what stands over at both ends.</summary>
internal static class SumSlices
{
    /// <summary>Cuts. A slice is of hours where it begins and ends with one.</summary>
    /// <param name="from">First microsecond, or null.</param>
    /// <param name="until">First microsecond after it, or null.</param>
    public static IEnumerable<(long From, long Until, bool IsHours)> Of(long? from, long? until)
    {
        var (first, end) = (from ?? 0, until ?? long.MaxValue);
        if (first >= end)
        {
            yield break;
        }

        var firstHour = from is null ? 0 : LedgerTime.HourOf(first + LedgerTime.Hour - 1) * LedgerTime.Hour;
        var endHour = until is null ? long.MaxValue : LedgerTime.HourOf(end) * LedgerTime.Hour;
        if (firstHour >= endHour)
        {
            yield return (first, end, false);
            yield break;
        }

        if (first < firstHour)
        {
            yield return (first, firstHour, false);
        }

        yield return (firstHour, endHour, true);
        if (endHour < end)
        {
            yield return (endHour, end, false);
        }
    }
}
