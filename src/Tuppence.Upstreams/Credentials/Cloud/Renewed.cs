namespace Tuppence.Upstreams.Credentials.Cloud;

/// <summary>
/// Keeps a credential until shortly before it expires. It is fetched by one caller at a time however many ask; while the old one still
/// holds, nobody waits for the new one, and a failure to get that is not told.
/// </summary>
/// <param name="fetch">Gets a new one. Its own time limit applies, not that of whoever asked first.</param>
/// <param name="time">The clock.</param>
public sealed class Renewed<T>(Func<Task<Lease<T>>> fetch, TimeProvider time)
    where T : class
{
    /// <summary>How long before its end a credential is renewed, unless a quarter of its life is less.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>How long a failure stands before the next try.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private Lease<T> current;
    private DateTimeOffset renewAt;
    private DateTimeOffset nextTry;
    private Task<Lease<T>>? flight;

    /// <summary>The credential, or why there is none.</summary>
    public ValueTask<Lease<T>> GetAsync(CancellationToken cancellation)
    {
        Task<Lease<T>> pending;
        lock (gate)
        {
            var now = time.GetUtcNow();
            var isValid = current.Value is not null && (current.Expires is not { } end || now < end);
            if ((isValid && now < renewAt) || (current.IsAnswer && now < nextTry && (isValid || current.Problem is not null)))
            {
                return new(current);
            }

            // Not inside the lock's own call: a fetch that ends at once would come back before it is noted.
            flight ??= Task.Run(FlyAsync, CancellationToken.None);
            if (isValid)
            {
                return new(current);
            }

            pending = flight;
        }

        return new(pending.WaitAsync(cancellation));
    }

    /// <summary>The credential was refused: the next call gets a new one.</summary>
    public void Forget()
    {
        lock (gate)
        {
            (current, nextTry) = (default, default);
        }
    }

    private async Task<Lease<T>> FlyAsync()
    {
        Lease<T> lease;
        try
        {
            lease = await fetch();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or System.Security.Cryptography.CryptographicException)
        {
            lease = Lease<T>.Failed(e.Message);
        }

        lock (gate)
        {
            flight = null;
            var now = time.GetUtcNow();
            if (lease.Value is not null)
            {
                current = lease;
                renewAt = lease.Expires is { } end ? end - Min(Ahead, (end - now) / 4) : DateTimeOffset.MaxValue;
            }
            else
            {
                nextTry = now + Pause;
                if (current.Value is null || current.Expires <= now)
                {
                    current = lease;
                }
            }

            return current.Value is null ? lease : current;
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
