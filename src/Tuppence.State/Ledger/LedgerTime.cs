namespace Tuppence.State.Ledger;

/// <summary>Moments as the store keeps them: whole microseconds since 1970.</summary>
internal static class LedgerTime
{
    /// <summary>Microseconds of an hour.</summary>
    public const long Hour = 3_600_000_000;

    /// <summary>Microseconds of a moment, rounded down.</summary>
    public static long Of(DateTimeOffset moment) => (moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The moment.</summary>
    public static DateTimeOffset Moment(long microseconds) => new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>Number of the hour, UTC.</summary>
    public static long HourOf(DateTimeOffset moment) => HourOf(Of(moment));

    /// <summary>Number of the hour of so many microseconds.</summary>
    public static long HourOf(long microseconds) => microseconds >= 0 ? microseconds / Hour : ~(~microseconds / Hour);
}
