namespace Tuppence.Upstreams.Credentials;

/// <summary>When tokens are refreshed and when a failed refresh is tried again.</summary>
internal static class RefreshTiming
{
    /// <summary>The most that one refresh request may take.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The most that <see cref="TooYoung"/> answers.</summary>
    public static readonly TimeSpan TooYoungToBeRefused = TimeSpan.FromSeconds(30);

    /// <summary>After the configuration was refused, how long it is left alone.</summary>
    public static readonly TimeSpan AfterRefusal = TimeSpan.FromMinutes(1);

    /// <summary>Between attempts to save tokens that could not be saved.</summary>
    public static readonly TimeSpan BetweenSaves = TimeSpan.FromSeconds(5);

    /// <summary>Between attempts to read a store that could not be read: mending a mode changes nothing that would tell us.</summary>
    public static readonly TimeSpan BetweenReads = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long before its end a token is refreshed: 60 to 300 s, or 10 to 20 % of a lifetime for which that is less. <paramref name="jitter"/> in [0, 1)
    /// spreads the processes of one store, so that mostly one refreshes and the others find its answer.
    /// </summary>
    public static TimeSpan Early(TimeSpan lifetime, double jitter)
    {
        var early = TimeSpan.FromSeconds(60 + (240 * jitter));
        var share = lifetime * (0.1 + (0.1 * jitter));
        return early < share ? early : share;
    }

    /// <summary>A token younger than this is not refreshed because an upstream refused it: a late answer to an older one, or no matter of age. 30 s, or a quarter of a shorter life.</summary>
    public static TimeSpan TooYoung(TimeSpan? lifetime) => lifetime / 4 is { } quarter && quarter < TooYoungToBeRefused ? quarter : TooYoungToBeRefused;

    /// <summary>The pause before the attempt after the <paramref name="failures"/>-th one that reached nobody: from 1 s, doubling, to 30 s, less up to half by jitter.</summary>
    public static TimeSpan Pause(int failures, double jitter)
    {
        var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Clamp(failures - 1, 0, 5)));
        return (pause < LongestPause ? pause : LongestPause) * (1 - (jitter / 2));
    }

    /// <summary>
    /// The pause before the one more try after an answer that was lost or said nothing. A lost one: 1 to 2 s, within the time for which many servers
    /// forgive reuse. A failure that the server told: half of what is left of the access token, 10 s to 2 min, so that an outage has time to end.
    /// </summary>
    public static TimeSpan OneMore(bool isAnswered, TimeSpan? left, double jitter)
    {
        if (!isAnswered)
        {
            return TimeSpan.FromSeconds(1 + jitter);
        }

        var half = Math.Clamp((left ?? TimeSpan.Zero).TotalSeconds / 2, 10, 120);
        return TimeSpan.FromSeconds(half * (1 - (jitter / 4)));
    }
}
