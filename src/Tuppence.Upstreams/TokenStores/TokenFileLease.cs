using System.Text.Json.Nodes;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>The right to change a <see cref="TokenFile"/>.</summary>
internal sealed class TokenFileLease(TokenFile file, StoreLock held) : ITokenLease
{
    private StoreLock held = held;
    private bool isReturned;

    /// <inheritdoc/>
    public ValueTask<GrantReading> ReadAsync(string upstream, CancellationToken cancellation) => file.ReadAsync(upstream, cancellation);

    /// <inheritdoc/>
    public ValueTask<SaveResult> SignInAsync(StoredGrant grant, CancellationToken cancellation) => ChangeAsync(
        (document, key) =>
        {
            var generation = document.NextGeneration();
            var row = document.Find(grant.Upstream, grant.Account) ?? document.Add();
            GrantRow.Write(row, grant with { Generation = generation }, key!);
            GrantRow.Write(row, null);
            document.Prefer(row);
            return true;
        },
        needsKey: true,
        replacesBroken: true,
        cancellation);

    /// <inheritdoc/>
    public ValueTask<SaveResult> ReplaceAsync(StoredGrant grant, CancellationToken cancellation)
    {
        // The key that the row was opened with: between an answer and its save no key store may stand in the way.
        var atHand = file.KeyAtHand(grant.Upstream, grant.Account);
        return ChangeAsync(
            (document, key) =>
            {
                if (Stored(document, grant, grant.Generation - 1) is not { } row)
                {
                    return false;
                }

                GrantRow.Write(row, grant, atHand ?? key!);
                GrantRow.Write(row, null);
                document.Passed(grant.Generation);
                return true;
            },
            needsKey: atHand is null,
            replacesBroken: false,
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<SaveResult> MarkAsync(StoredGrant grant, RefreshMark? mark, CancellationToken cancellation) => ChangeAsync(
        (document, _) =>
        {
            if (Stored(document, grant, grant.Generation) is not { } row)
            {
                return false;
            }

            GrantRow.Write(row, mark);
            return true;
        },
        needsKey: false,
        replacesBroken: false,
        cancellation);

    /// <inheritdoc/>
    public ValueTask<SaveResult> UseAsync(string upstream, string account, CancellationToken cancellation) => ChangeAsync(
        (document, _) =>
        {
            if (document.Find(upstream, account) is not { } row)
            {
                return false;
            }

            document.Prefer(row);
            return true;
        },
        needsKey: false,
        replacesBroken: false,
        cancellation);

    /// <inheritdoc/>
    public ValueTask<SaveResult> RemoveAsync(string upstream, string? account, CancellationToken cancellation) => ChangeAsync(
        (document, _) =>
        {
            foreach (var row in document.Rows.Where(row => GrantRow.Upstream(row) == upstream && (account is null || GrantRow.Account(row) == account)).ToList())
            {
                document.Remove(row);
            }

            return true;
        },
        needsKey: false,
        replacesBroken: false,
        cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!isReturned)
        {
            isReturned = true;
            held.Dispose();
            file.Return();
        }
    }

    private static JsonObject? Stored(TokenDocument document, StoredGrant grant, long generation) =>
        document.Find(grant.Upstream, grant.Account) is { } row && GrantRow.Generation(row) == generation ? row : null;

    // The change gives false where somebody else was there first.
    private async ValueTask<SaveResult> ChangeAsync(Func<TokenDocument, StoreKey?, bool> change, bool needsKey, bool replacesBroken, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(isReturned, this);
        if (!held.IsHeld)
        {
            // Somebody removed the lock file, and another process may hold the new one: line up again, then compare generations.
            var (again, trouble) = await file.LockAsync(cancellation);
            if (again is null)
            {
                return SaveResult.Failed(trouble!);
            }

            held.Dispose();
            held = again;
        }

        var (key, problem) = needsKey ? await file.SealingKeyAsync(cancellation) : default;
        if (needsKey && key is null)
        {
            return SaveResult.Failed(problem ?? "There is no key to encrypt the sign-in with.");
        }

        var (document, broken, isBroken) = file.Load();
        if (document is null && !(isBroken && replacesBroken))
        {
            return SaveResult.Failed(broken!);
        }

        document ??= TokenDocument.Empty();
        return !change(document, key) ? SaveResult.Superseded
            : file.Save(document, isBroken) is { } failure ? SaveResult.Failed(failure)
            : SaveResult.Saved;
    }
}
