namespace Tuppence.Emulator.Replies;

/// <summary>The waits of a lifelike reply. Without pacing there are none.</summary>
internal sealed class Pace(EmulatorOptions options, TimeProvider time)
{
    /// <summary>Part of the time to the first token that passes before the response begins.</summary>
    private const double BeforeHead = 0.5;

    /// <summary>Before a stream's head.</summary>
    public TimeSpan ToHead => options.Pacing ? options.TimeToFirstToken * BeforeHead : TimeSpan.Zero;

    /// <summary>Between a stream's head and its first block.</summary>
    public TimeSpan ToFirstToken => options.Pacing ? options.TimeToFirstToken - ToHead : TimeSpan.Zero;

    /// <summary>For that many tokens.</summary>
    public TimeSpan Of(int tokens) => options.Pacing ? TimeSpan.FromSeconds(tokens / options.TokensPerSecond) : TimeSpan.Zero;

    /// <summary>Before a whole message.</summary>
    public TimeSpan OfWhole(int tokens) => options.Pacing ? options.TimeToFirstToken + Of(tokens) : TimeSpan.Zero;

    /// <summary>Waits; calls <paramref name="ping"/> whenever the silence reaches the ping interval.</summary>
    public async Task WaitAsync(TimeSpan span, Func<Task>? ping, CancellationToken left)
    {
        while (ping is not null && span > options.PingInterval)
        {
            await Task.Delay(options.PingInterval, time, left);
            await ping();
            span -= options.PingInterval;
        }

        if (span > TimeSpan.Zero)
        {
            await Task.Delay(span, time, left);
        }
    }
}
