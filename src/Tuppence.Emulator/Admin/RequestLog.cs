using Microsoft.AspNetCore.Http;

namespace Tuppence.Emulator.Admin;

/// <summary>The last requests. Safe for parallel use.</summary>
internal sealed class RequestLog(int capacity)
{
    /// <summary>Bytes kept of each body.</summary>
    public const int KeptBytes = 1024 * 1024;

    private const string Mask = "***";
    private static readonly string[] SecretWords = ["authorization", "key", "token", "secret", "cookie", "password"];

    private readonly Lock gate = new();
    private readonly Queue<ReceivedRequest> kept = new();

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<ReceivedRequest> Kept
    {
        get
        {
            lock (gate)
            {
                return [.. kept];
            }
        }
    }

    /// <summary>Notes a request that has just come.</summary>
    public ReceivedRequest Add(HttpContext context, long number, string requestId, DateTimeOffset now)
    {
        var request = context.Request;
        var headers = request.Headers.SelectMany(header => header.Value.Select(value => (header.Key, IsSecret(header.Key) ? Mask : value ?? "")));
        var received = new ReceivedRequest(number, requestId, now, request.Method, request.Path + request.QueryString.ToString(), [.. headers]);
        lock (gate)
        {
            kept.Enqueue(received);
            while (kept.Count > capacity)
            {
                kept.Dequeue();
            }
        }

        return received;
    }

    /// <summary>Forgets them all.</summary>
    public void Clear()
    {
        lock (gate)
        {
            kept.Clear();
        }
    }

    // By word rather than by list: a client's own header for a key is a secret as well.
    private static bool IsSecret(string name) =>
        SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
