namespace Tuppence.Upstreams.TokenStores;

/// <summary>The right to change a store. Each save is durable when it returns, and replaces all or nothing.</summary>
public interface ITokenLease : IDisposable
{
    /// <summary>The grant in use for <paramref name="upstream"/>, read anew.</summary>
    ValueTask<GrantReading> ReadAsync(string upstream, CancellationToken cancellation);

    /// <summary>
    /// Stores a new sign-in and uses it from now on. It gets the next generation, whatever <see cref="StoredGrant.Generation"/> says, so that a
    /// refresh of an older sign-in that is still under way cannot overwrite it. A store that cannot be read is moved aside first.
    /// </summary>
    ValueTask<SaveResult> SignInAsync(StoredGrant grant, CancellationToken cancellation);

    /// <summary>Stores refreshed tokens; refused unless <paramref name="grant"/> is the generation right after the stored one. Clears the mark.</summary>
    ValueTask<SaveResult> ReplaceAsync(StoredGrant grant, CancellationToken cancellation);

    /// <summary>Sets or clears the mark of <paramref name="grant"/>; refused unless exactly this generation is stored.</summary>
    ValueTask<SaveResult> MarkAsync(StoredGrant grant, RefreshMark? mark, CancellationToken cancellation);

    /// <summary>Uses another account of <paramref name="upstream"/> from now on; refused where it is not stored.</summary>
    ValueTask<SaveResult> UseAsync(string upstream, string account, CancellationToken cancellation);

    /// <summary>Removes the grants of <paramref name="upstream"/>: that of one account, or all where <paramref name="account"/> is null.</summary>
    ValueTask<SaveResult> RemoveAsync(string upstream, string? account, CancellationToken cancellation);
}
