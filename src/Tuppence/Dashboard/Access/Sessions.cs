using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Tuppence.Guard;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Dashboard.Access;

/// <summary>
/// Who is signed in to the dashboard with a gateway key. A session is 32 random bytes in a cookie; here it is known by their digest
/// only, in memory, for 12 hours since its last use and 7 days at most. It ends as well when its key is no longer configured.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="random">Gives so many unguessable bytes.</param>
internal sealed class Sessions(TimeProvider time, Func<int, byte[]> random)
{
    /// <summary>How many there may be; the one unused longest goes first.</summary>
    public const int Most = 256;

    /// <summary>How long one lives without being used.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12);

    /// <summary>How long one lives at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private readonly Dictionary<string, Session> open = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Begins one for who has shown <paramref name="key"/>; gives what its cookie holds.</summary>
    public string Begin(Secret key)
    {
        var token = Base64Url.EncodeToString(random(32));
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (open.Count >= Most)
            {
                open.Remove(open.MinBy(static pair => pair.Value.UsedAt).Key);
            }

            open[DigestOf(token)] = new Session(key, now) { UsedAt = now };
        }

        return token;
    }

    /// <summary>True where the token is of a session that holds; it is used by that.</summary>
    public bool Holds(string token, GatewayKeys keys)
    {
        var digest = DigestOf(token);
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (!open.TryGetValue(digest, out var session))
            {
                return false;
            }

            if (now - session.UsedAt >= Idle || now - session.Since >= Longest || !keys.Contains(session.Key.Reveal()))
            {
                open.Remove(digest);
                return false;
            }

            session.UsedAt = now;
            return true;
        }
    }

    /// <summary>Ends one.</summary>
    public void End(string token)
    {
        lock (gate)
        {
            open.Remove(DigestOf(token));
        }
    }

    // Looked up by digest, the time that takes tells nothing about tokens that are in use.
    private static string DigestOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private sealed class Session(Secret key, DateTimeOffset since)
    {
        public Secret Key => key;

        public DateTimeOffset Since => since;

        public DateTimeOffset UsedAt { get; set; }
    }
}
