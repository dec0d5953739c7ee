using Microsoft.Extensions.Time.Testing;

namespace Tuppence.Tests.Scenes;

/// <summary>A clock whose date can be moved while its monotonic part goes on, as happens when a person or a time server sets a machine's clock.</summary>
public sealed class JumpingClock : FakeTimeProvider
{
    private TimeSpan offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;

    // The one that this derives from counts by the date.
    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    /// <summary>Moves the date alone.</summary>
    public void Jump(TimeSpan by) => offset += by;
}
