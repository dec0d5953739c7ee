using System.Net;

namespace Tuppence.Dashboard.Access;

/// <summary>Slows the guessing of keys: after three wrong ones from an address the next has to wait a second, then two, four, up to a minute.</summary>
/// <param name="time">The clock.</param>
internal sealed class KeyTries(TimeProvider time)
{
    private const int Free = 3;
    private const int MostAddresses = 1024;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    // After so long without a try an address begins anew.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    private readonly Dictionary<IPAddress, (int Wrong, DateTimeOffset LastAt, DateTimeOffset NotBefore)> known = [];
    private readonly Lock gate = new();

    /// <summary>
    /// How long the address has to wait until it may try; zero: it may now, and the try counts as wrong until <see cref="Succeeded"/> says otherwise, so
    /// that many at once are no more than many in turn.
    /// </summary>
    public TimeSpan Begin(IPAddress address)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (known.TryGetValue(address, out var tries) && tries.NotBefore > now)
            {
                return tries.NotBefore - now;
            }

            var wrong = now - tries.LastAt < Memory ? tries.Wrong + 1 : 1;
            if (known.Count >= MostAddresses && !known.ContainsKey(address))
            {
                known.Remove(known.MinBy(static pair => pair.Value.LastAt).Key);
            }

            var wait = wrong < Free ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Pow(2, Math.Min(wrong - Free, 10))));
            known[address] = (wrong, now, now + wait);
            return TimeSpan.Zero;
        }
    }

    /// <summary>A right key came from the address.</summary>
    public void Succeeded(IPAddress address)
    {
        lock (gate)
        {
            known.Remove(address);
        }
    }
}
