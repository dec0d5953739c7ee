using System.Diagnostics.CodeAnalysis;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Upstreams.Credentials;

/// <summary>
/// A person's sign-in as a credential. The token is given from memory; it is refreshed ahead of its end by a timer, once for all requests and, by the
/// store's lease, once for all processes. While a refresh fails the token in use is given for as long as it is valid.
/// </summary>
/// <remarks>What other processes do to the store (a sign-in, a refresh, a logout) is noticed at the next request.</remarks>
public sealed class SignedInCredential : ICredential, IAsyncDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly SignInTarget target;
    private readonly ITokenStore store;
    private readonly GrantRefresh refresh;
    private readonly TimeProvider time;
    private readonly Func<double> jitter;
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private volatile SignInView view = new();
    private Task? loading;
    private Task? refreshing;
    private int refreshes;
    private bool isDisposed;

    /// <summary>A credential from what <paramref name="store"/> holds. Nothing is read before the first call.</summary>
    /// <param name="target">What the sign-in is for.</param>
    /// <param name="store">Where it is kept.</param>
    /// <param name="refresher">Asks the issuer.</param>
    /// <param name="time">The clock.</param>
    /// <param name="jitter">Random numbers in [0, 1).</param>
    public SignedInCredential(SignInTarget target, ITokenStore store, IGrantRefresher refresher, TimeProvider time, Func<double> jitter)
    {
        (this.target, this.store, this.time, this.jitter) = (target, store, time, jitter);
        refresh = new GrantRefresh(target, store, refresher, time, jitter);
        timer = time.CreateTimer(static self => _ = ((SignedInCredential)self!).TickAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Called after each change that people may want to know of, such as for the log; from any thread.</summary>
    public Action<SignInState>? Changed { get; init; }

    /// <summary>How the sign-in stands, by what is known without looking at the store.</summary>
    public SignInState State
    {
        get
        {
            var now = view;
            return SignInText.State(target, now, now.PauseLeft(time), time) with { IsRefreshing = refreshing is { IsCompleted: false }, StoreWarning = store.Warning };
        }
    }

    /// <summary>How the sign-in stands, by what the store holds now. Also starts the refresh schedule, so call it once at the start.</summary>
    public async ValueTask<SignInState> StateAsync(CancellationToken cancellation)
    {
        await LoadAsync().WaitAsync(cancellation);
        return State;
    }

    /// <inheritdoc/>
    public ValueTask<CredentialResult> GetAsync(CancellationToken cancellation) =>
        view is { Held: { } held, WantsRefresh: false, UnreadAt: null } now && now.Stamp == store.Stamp()
            ? new(new CredentialResult(held.Token, null))
            : new(GetSlowlyAsync(cancellation));

    /// <inheritdoc/>
    public void Refused() => Refuse(null);

    /// <inheritdoc/>
    public void Refused(Secret given) => Refuse(given);

    /// <summary>Stops the schedule and waits for a refresh that is under way, since its answer may carry the only good refresh token.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? last;
        lock (gate)
        {
            isDisposed = true;
            last = refreshing;
        }

        await timer.DisposeAsync();
        await (last ?? Task.CompletedTask);
        if (view.Unsaved is { } unsaved)
        {
            await refresh.SaveAsync(unsaved);
        }
    }

    private async Task<CredentialResult> GetSlowlyAsync(CancellationToken cancellation)
    {
        await LoadAsync().WaitAsync(cancellation);
        // What a refresh brings may be due itself, when another process's answer was found; more than twice is a server that issues nothing usable.
        for (var round = 0; round < 3 && view.WantsRefresh && TryRefresh(out var task) && view.MustWait; round++)
        {
            await task.WaitAsync(cancellation);
        }

        var now = view;
        return now.IsServed ? new CredentialResult(now.Held!.Token, null) : new CredentialResult(null, SignInText.Of(target, now, now.PauseLeft(time)));
    }

    private void Refuse(Secret? given)
    {
        lock (gate)
        {
            if (view.Held is { IsYoung: false } held && (given is null || given.Equals(held.Token)))
            {
                view = view with { IsRefused = true };
            }
        }
    }

    private Task LoadAsync()
    {
        lock (gate)
        {
            return loading is { IsCompleted: false } ? loading
                : view.Stamp == store.Stamp() && (view.UnreadAt is not { } failed || time.GetElapsedTime(failed) < RefreshTiming.BetweenReads) ? Task.CompletedTask
                : loading = Task.Run(() => ReadAsync(refreshes));
        }
    }

    private async Task ReadAsync(int before)
    {
        var stamp = store.Stamp();
        var (entry, problem) = await store.ReadAsync(target.Upstream, CancellationToken.None);
        lock (gate)
        {
            // What a refresh has brought in the meantime is newer than what was read.
            view = before != refreshes ? view
                : problem is null ? Adopt(view with { Stamp = stamp, UnreadAt = null }, new RefreshOutcome { Entry = entry })
                // A token in memory is as good as before; only what the store says is unknown.
                : view with { Stamp = stamp, Obstacle = problem, UnreadAt = time.GetTimestamp() };
        }

        Arm();
        Changed?.Invoke(State);
    }

    // The refresh under way, or a new one; false where none can help now.
    private bool TryRefresh([NotNullWhen(true)] out Task? task)
    {
        lock (gate)
        {
            var now = view;
            task = refreshing is { IsCompleted: false } ? refreshing
                : isDisposed || !now.CanRefresh || now.PauseLeft(time) > TimeSpan.Zero ? null
                : refreshing = Task.Run(() => RefreshAsync(now));
            return task is not null;
        }
    }

    private async Task RefreshAsync(SignInView before)
    {
        var outcome = before.Unsaved is { } unsaved ? await refresh.SaveAsync(unsaved) : await refresh.RunAsync(before.Held!.Entry.Grant, before.Held.Left);
        lock (gate)
        {
            view = Adopt(view, outcome);
            if (outcome.Trouble is { } trouble)
            {
                var failures = view.Failures + 1;
                view = view with
                {
                    Trouble = trouble,
                    Failures = failures,
                    PausedAt = time.GetTimestamp(),
                    Pause = outcome.Pause ?? RefreshTiming.Pause(failures, jitter()),
                    // Nothing better than the refused token can be had: it is tried, and what the upstream says goes to the client.
                    IsRefused = false,
                };
            }
            else
            {
                view = view with { Trouble = null, Failures = 0, Pause = TimeSpan.Zero };
            }

            refreshing = null;
            refreshes++;
        }

        Arm();
        Changed?.Invoke(State);
    }

    private SignInView Adopt(SignInView now, RefreshOutcome outcome)
    {
        now = now with { ClockSkew = outcome.ClockSkew ?? now.ClockSkew };
        if (outcome.Entry is not { } entry)
        {
            // Trouble before the store could be read leaves what is known; an empty store is a logout.
            return outcome.Trouble is not null ? now : now with { Held = null, Unsaved = null, IsRefused = false, Obstacle = null };
        }

        if (now.Unsaved is { } unsaved && !outcome.IsUnsaved && entry.Grant.Account == unsaved.Grant.Account && entry.Grant.Generation < unsaved.Grant.Generation)
        {
            return now;
        }

        now = now with { Unsaved = outcome.IsUnsaved ? entry : null, Obstacle = null };
        if (now.Held is { } held && GrantRefresh.IsSame(held.Entry.Grant, entry.Grant))
        {
            return now with { Held = held.With(entry) };
        }

        var token = target.UsesIdToken ? entry.Grant.IdToken : entry.Grant.AccessToken;
        return !target.IsFor(entry.Grant)
            ? now with { Held = null, Obstacle = $"The stored sign-in to “{target.Upstream}” is for {entry.Grant.Origin}, but the upstream is now {target.Origin}; it is not used there." }
            : token is null
            ? now with { Held = null, Obstacle = $"The stored sign-in to “{target.Upstream}” has no ID token: its issuer gave none. Ask for the scope openid." }
            : now with
            {
                Held = outcome.IsFresh ? HeldToken.Fresh(entry, token, outcome.Asked, jitter(), time) : HeldToken.Stored(entry, token, jitter(), time),
                IsRefused = false,
                Trouble = null,
                Failures = 0,
                Pause = TimeSpan.Zero,
            };
    }

    private async Task TickAsync()
    {
        await LoadAsync();
        if (!view.WantsRefresh || !TryRefresh(out _))
        {
            Arm();
        }
    }

    private void Arm()
    {
        lock (gate)
        {
            var now = view;
            var pause = now.PauseLeft(time);
            TimeSpan? due = isDisposed || !now.CanRefresh ? null : now.WantsRefresh || pause > TimeSpan.Zero ? pause : now.Held?.UntilDue;
            if (due is { } wait)
            {
                timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestTimer ? wait : LongestTimer, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
