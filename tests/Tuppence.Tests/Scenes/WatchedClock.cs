namespace Tuppence.Tests.Scenes;

/// <summary>A clock that says when somebody looks at its stopwatch: a tenth of a second passes with each look.</summary>
/// <param name="now">The moment that it shows always.</param>
/// <param name="looked">Told of each look, from 1.</param>
internal sealed class WatchedClock(DateTimeOffset now, Action<int> looked) : TimeProvider
{
    private int looks;

    public override long TimestampFrequency => 10;

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp()
    {
        var look = Interlocked.Increment(ref looks);
        looked(look);
        return look;
    }
}
