using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Upstreams.Credentials;

/// <summary>A stored entry as this process holds it, with when its token ends. Immutable.</summary>
/// <remarks>
/// Age is counted from the moment this process got the token, by the monotonic clock, which no change of the date moves. That clock stands still while a
/// machine sleeps, so a token also counts as due where the date says so; but while nothing better can be had, only the monotonic clock takes it away.
/// </remarks>
internal sealed class HeldToken
{
    private static readonly TimeSpan ClockNoise = TimeSpan.FromSeconds(2);

    private readonly TimeProvider time;
    private readonly long since;
    private readonly DateTimeOffset date;
    private readonly TimeSpan? left;
    private readonly TimeSpan? refreshIn;
    private readonly TimeSpan ageBefore;

    private HeldToken(StoredEntry entry, Secret token, long since, DateTimeOffset date, TimeSpan ageBefore, TimeSpan? left, TimeSpan? refreshIn, TimeProvider time)
    {
        (Entry, Token, this.time) = (entry, token, time);
        (this.since, this.date, this.ageBefore, this.left, this.refreshIn) = (since, date, ageBefore, left, refreshIn);
    }

    /// <summary>What is stored.</summary>
    public StoredEntry Entry { get; }

    /// <summary>What is sent upstream.</summary>
    public Secret Token { get; }

    /// <summary>True where an upstream's refusal says nothing of it: it was issued moments ago, so an older one was refused, or age is not the reason.</summary>
    public bool IsYoung => ageBefore + Age < RefreshTiming.TooYoung(left + ageBefore);

    /// <summary>True once it should be refreshed.</summary>
    public bool IsDue => refreshIn <= Elapsed;

    /// <summary>True once it has ended, by either clock.</summary>
    public bool IsOver => left <= Elapsed;

    /// <summary>True once it has surely ended.</summary>
    public bool IsSurelyOver => left <= Age;

    /// <summary>What is left of it; null where its end is unknown.</summary>
    public TimeSpan? Left => left - Age;

    /// <summary>Until it should be refreshed; null where its end is unknown.</summary>
    public TimeSpan? UntilDue => refreshIn - Elapsed;

    private TimeSpan Age => time.GetElapsedTime(since);

    private TimeSpan Elapsed
    {
        get
        {
            var (steady, byDate) = (Age, time.GetUtcNow() - date);
            return steady > byDate ? steady : byDate;
        }
    }

    /// <summary>A token that came just now: its lifetime counts from when it was asked for, <paramref name="asked"/>.</summary>
    public static HeldToken Fresh(StoredEntry entry, Secret token, long asked, double jitter, TimeProvider time) =>
        Of(entry, token, asked, TimeSpan.Zero, jitter, time);

    /// <summary>A token from the store: its age is by the date. One from the future, by a clock that went back, is refreshed at once and used meanwhile.</summary>
    public static HeldToken Stored(StoredEntry entry, Secret token, double jitter, TimeProvider time)
    {
        var age = time.GetUtcNow() - entry.Grant.IssuedAt;
        var now = time.GetTimestamp();
        return age >= -ClockNoise
            ? Of(entry, token, now, age, jitter, time)
            : new HeldToken(entry, token, now, time.GetUtcNow(), RefreshTiming.TooYoungToBeRefused, Lifetime(entry.Grant, token), TimeSpan.Zero, time);
    }

    /// <summary>The same token with another mark.</summary>
    public HeldToken With(StoredEntry entry) => new(entry, Token, since, date, ageBefore, left, refreshIn, time);

    private static HeldToken Of(StoredEntry entry, Secret token, long since, TimeSpan age, double jitter, TimeProvider time)
    {
        var lifetime = Lifetime(entry.Grant, token);
        var refreshIn = lifetime - RefreshTiming.Early(lifetime ?? TimeSpan.Zero, jitter) - age;
        return new HeldToken(entry, token, since, time.GetUtcNow() - time.GetElapsedTime(since), age, lifetime - age, refreshIn, time);
    }

    // An ID token says itself how long it is valid, and so may an access token whose issuer did not.
    private static TimeSpan? Lifetime(StoredGrant grant, Secret token)
    {
        if (ReferenceEquals(token, grant.AccessToken) && grant.Lifetime is { } told)
        {
            return told;
        }

        var times = JwtTimes.Of(token.Reveal());
        return times.Lifetime ?? times.ExpiresAt - grant.IssuedAt ?? grant.Lifetime;
    }
}
