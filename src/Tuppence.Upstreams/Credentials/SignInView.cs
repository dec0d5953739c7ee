using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Upstreams.Credentials;

/// <summary>What a <see cref="SignedInCredential"/> knows at one moment. Immutable; the credential swaps it whole.</summary>
internal sealed record SignInView
{
    /// <summary>The token in use, or null.</summary>
    public HeldToken? Held { get; init; }

    /// <summary>Stamp of the store when it was last read; null before that.</summary>
    public StoreStamp? Stamp { get; init; }

    /// <summary>Monotonic time stamp of a reading of the store that failed; null where the last one succeeded.</summary>
    public long? UnreadAt { get; init; }

    /// <summary>True where the upstream refused <see cref="Held"/>.</summary>
    public bool IsRefused { get; init; }

    /// <summary>Tokens that could not be saved yet, or null.</summary>
    public StoredEntry? Unsaved { get; init; }

    /// <summary>Why there is no token to use although the store holds something, or why the store cannot be read.</summary>
    public string? Obstacle { get; init; }

    /// <summary>What went wrong in the last refresh.</summary>
    public string? Trouble { get; init; }

    /// <summary>Refreshes in a row that went wrong.</summary>
    public int Failures { get; init; }

    /// <summary>Monotonic time stamp from which <see cref="Pause"/> counts.</summary>
    public long PausedAt { get; init; }

    /// <summary>How long nothing is tried again.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>How far the issuer's clock is ahead, or null.</summary>
    public TimeSpan? ClockSkew { get; init; }

    /// <summary>Why the sign-in has ended or will end with its token, or null.</summary>
    public string? Ended => Held is not { } held ? null
        : held.Entry.Mark?.Ended
            ?? (held.Entry.Grant.RefreshToken is null && (IsRefused || held.IsSurelyOver) ? "its token has ended, and the issuer gave none to renew it with" : null);

    /// <summary>True where requests get the token.</summary>
    public bool IsServed => Held is { IsSurelyOver: false } && !(IsRefused && Ended is not null);

    /// <summary>True where new tokens can be asked for, or must be saved.</summary>
    public bool CanRefresh => Unsaved is not null || (Held is { Entry: { Grant.RefreshToken: not null, Mark: null or { Ended: null } } });

    /// <summary>True where new tokens should be asked for, or saved.</summary>
    public bool WantsRefresh => Held is { } held && (IsRefused || held.IsDue || held.Entry.Mark is { IsOpen: true } || Unsaved is not null);

    /// <summary>True where a request must not go with the token in use.</summary>
    public bool MustWait => Held is { } held && (IsRefused || held.IsOver);

    /// <summary>What is left of the pause; zero where nothing stands in the way.</summary>
    public TimeSpan PauseLeft(TimeProvider time) => Pause - time.GetElapsedTime(PausedAt) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
}
