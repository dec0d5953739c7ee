namespace Tuppence.Upstreams.Credentials;

/// <summary>
/// A key that a program prints: the bare key, a JSON Web Token, or JSON with <c>access_token</c> or <c>token</c>. The program runs at most once at a time. Its
/// answer is kept until shortly before it expires, where it says when, else for five minutes; or until it is refused.
/// </summary>
/// <param name="command">Program and arguments; no shell is involved.</param>
/// <param name="time">The clock.</param>
public sealed class KeyCommand(IReadOnlyList<string> command, TimeProvider time) : ICredential, IDisposable
{
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim single = new(1, 1);
    private volatile Reading? last;

    /// <inheritdoc/>
    public ValueTask<CredentialResult> GetAsync(CancellationToken cancellation) =>
        Fresh() is { } key ? new(new CredentialResult(key, null)) : new(RunOnceAsync(cancellation));

    /// <inheritdoc/>
    public void Refused() => last = null;

    /// <inheritdoc/>
    public void Dispose() => single.Dispose();

    private Secret? Fresh() =>
        last is { } known && time.GetElapsedTime(known.At) < known.Keep && (known.Until is not { } until || time.GetUtcNow() < until) ? known.Key : null;

    private async Task<CredentialResult> RunOnceAsync(CancellationToken cancellation)
    {
        await single.WaitAsync(cancellation);
        try
        {
            if (Fresh() is { } key)
            {
                return new CredentialResult(key, null);
            }

            // Starting a process blocks for milliseconds: not on a thread that carries other people's streams.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return await RunAsync(cancellation);
        }
        finally
        {
            single.Release();
        }
    }

    private async Task<CredentialResult> RunAsync(CancellationToken cancellation)
    {
        var (output, problem) = await ProgramRun.RunAsync(command, time, cancellation);
        return output is null ? Problem(problem!) : Read(output.Trim());
    }

    private CredentialResult Read(string text)
    {
        if (PrintedKey.Parse(text) is not { } printed)
        {
            return Problem("must print the key and nothing else, on one line; or JSON with the member access_token or token");
        }

        var left = printed.Lifetime ?? printed.ExpiresAt - time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            return Problem("printed a token that has expired already; either its own sign-in needs renewing, or this machine's clock is wrong");
        }

        // Shortly before the end another is fetched: a tenth of what is left, at most a minute. The date counts too, for a machine that slept.
        var margin = left is { } whole ? TimeSpan.FromSeconds(Math.Min(60, whole.TotalSeconds / 10)) : TimeSpan.Zero;
        last = new Reading(printed.Key, time.GetTimestamp(), left - margin ?? Keep, left is null ? null : time.GetUtcNow() + (left - margin));
        return new CredentialResult(printed.Key, null);
    }

    private CredentialResult Problem(string what) => new(null, $"The key command “{command[0]}” {what}.");

    private sealed record Reading(Secret Key, long At, TimeSpan Keep, DateTimeOffset? Until);
}
