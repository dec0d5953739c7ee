using Tuppence.Upstreams.OAuth;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Upstreams.Credentials;

/// <summary>One refresh under the store's lease, so that a refresh token is spent by one process alone.</summary>
/// <remarks>
/// In order: 1 take the lease; 2 read the store, and adopt what somebody else put there; 3 note durably that the stored refresh token is about to be
/// sent; 4 send; 5 save the answer before anyone uses it. A process that dies between 3 and 5 leaves the note, and the next one sends the stored token
/// once more: it was not spent, or the server forgives the reuse for a while, or the sign-in is lost whatever is done. A third time never comes.
/// A store that cannot be written fails at step 3, before anything is spent.
/// </remarks>
internal sealed class GrantRefresh(SignInTarget target, ITokenStore store, IGrantRefresher refresher, TimeProvider time, Func<double> jitter)
{
    private const string CutOff = "the last refresh was cut off: its answer never arrived, and the issuer no longer accepts the token that is stored";
    private const string CutTwice = "the last refresh was cut off twice: it was sent, and sent once more, and no answer of the issuer was ever stored";

    /// <summary>Refreshes, unless the store holds something else than <paramref name="held"/>. <paramref name="left"/> is what is left of the token in use.</summary>
    public async Task<RefreshOutcome> RunAsync(StoredGrant held, TimeSpan? left)
    {
        var (lease, problem) = await store.AcquireAsync(CancellationToken.None);
        if (lease is null)
        {
            return new RefreshOutcome { Trouble = problem };
        }

        using (lease)
        {
            (var entry, problem) = await lease.ReadAsync(target.Upstream, CancellationToken.None);
            return problem is not null ? new RefreshOutcome { Trouble = problem }
                : entry is null || !IsSame(entry.Grant, held) ? new RefreshOutcome { Entry = entry }
                : Waits(entry) is { } pause ? new RefreshOutcome { Entry = entry, Trouble = "The issuer's answer to the last refresh is missing", Pause = pause }
                : await SendAsync(lease, entry, left);
        }
    }

    /// <summary>Saves tokens that could not be saved before.</summary>
    public async Task<RefreshOutcome> SaveAsync(StoredEntry unsaved)
    {
        var (lease, problem) = await store.AcquireAsync(CancellationToken.None);
        if (lease is null)
        {
            return Unsaved(unsaved, problem!);
        }

        using (lease)
        {
            var saved = await lease.ReplaceAsync(unsaved.Grant, CancellationToken.None);
            return saved.Outcome switch
            {
                SaveOutcome.Saved => new RefreshOutcome { Entry = unsaved },
                SaveOutcome.Superseded => new RefreshOutcome { Entry = (await lease.ReadAsync(target.Upstream, CancellationToken.None)).Entry },
                _ => Unsaved(unsaved, saved.Problem!),
            };
        }
    }

    /// <summary>True where both are the same tokens.</summary>
    public static bool IsSame(StoredGrant one, StoredGrant other) => one.Generation == other.Generation && one.Account == other.Account;

    private static RefreshOutcome Unsaved(StoredEntry entry, string problem) => new()
    {
        Entry = entry,
        IsUnsaved = true,
        Trouble = $"New tokens came but could not be saved; should Tuppence end before they are, a person must sign in again. {problem}",
        Pause = RefreshTiming.BetweenSaves,
    };

    // Another process's one more try may be planned for later; a time that no process plans so far ahead is a clock that moved.
    private TimeSpan? Waits(StoredEntry entry) =>
        entry.Mark is { IsOpen: true, NotBefore: { } due } && due - time.GetUtcNow() is var pause && pause > TimeSpan.Zero && pause <= TimeSpan.FromMinutes(2) ? pause : null;

    private async Task<RefreshOutcome> SendAsync(ITokenLease lease, StoredEntry entry, TimeSpan? left)
    {
        var (grant, before) = entry;
        if (before?.Ended is not null || grant.RefreshToken is null)
        {
            return new RefreshOutcome { Entry = entry };
        }

        if (before?.Sent >= RefreshMark.MostSent)
        {
            return await EndAsync(lease, grant, before, CutTwice);
        }

        var mark = new RefreshMark(time.GetUtcNow(), (before?.Sent ?? 0) + 1);
        var noted = await lease.MarkAsync(grant, mark, CancellationToken.None);
        if (!noted.IsSaved)
        {
            return await FailedAsync(lease, noted, entry);
        }

        var (asked, date) = (time.GetTimestamp(), time.GetUtcNow());
        var result = await AskAsync(grant);
        if (result.Answer is { } answer)
        {
            return await StoreAsync(lease, grant, answer, asked, date);
        }

        var current = await lease.ReadAsync(target.Upstream, CancellationToken.None);
        return current.Problem is null && (current.Entry is null || !IsSame(current.Entry.Grant, grant))
            ? new RefreshOutcome { Entry = current.Entry }
            : await ExplainAsync(lease, entry, mark, result.Problem!, left);
    }

    private async Task<TokenResult> AskAsync(StoredGrant grant)
    {
        // Nobody's leaving cuts this short: the answer may carry the only good refresh token.
        using var limit = new CancellationTokenSource(RefreshTiming.Longest, time);
        try
        {
            return await refresher.RefreshAsync(grant, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return TokenResult.Of(new TokenProblem(TokenProblemKind.Unknown, null, $"It did not answer within {RefreshTiming.Longest.TotalSeconds:0} s."));
        }
        catch (Exception e)
        {
            // Whatever failed, the token may have been sent.
            return TokenResult.Of(new TokenProblem(TokenProblemKind.Unknown, null, $"The request failed ({e.GetType().Name})."));
        }
    }

    private async Task<RefreshOutcome> StoreAsync(ITokenLease lease, StoredGrant grant, TokenAnswer answer, long asked, DateTimeOffset date)
    {
        var entry = new StoredEntry(
            grant with
            {
                AccessToken = answer.AccessToken,
                // RFC 6749 section 6: without a new one the old one stays.
                RefreshToken = answer.RefreshToken ?? grant.RefreshToken,
                IdToken = answer.IdToken ?? grant.IdToken,
                Scope = answer.Scope ?? grant.Scope,
                IssuedAt = date,
                Lifetime = answer.Lifetime,
                Generation = grant.Generation + 1,
            },
            null);
        // The clock may have been moved while we waited; then the date of the question says nothing about that of the answer.
        var skew = answer.ServerTime is { } server ? server - (date + (time.GetElapsedTime(asked) / 2)) : (TimeSpan?)null;
        var saved = await lease.ReplaceAsync(entry.Grant, CancellationToken.None);
        return saved.Outcome switch
        {
            SaveOutcome.Saved => new RefreshOutcome { Entry = entry, IsFresh = true, Asked = asked, ClockSkew = skew },
            SaveOutcome.Superseded => new RefreshOutcome { Entry = (await lease.ReadAsync(target.Upstream, CancellationToken.None)).Entry, ClockSkew = skew },
            _ => Unsaved(entry, saved.Problem!) with { IsFresh = true, Asked = asked, ClockSkew = skew },
        };
    }

    private async Task<RefreshOutcome> ExplainAsync(ITokenLease lease, StoredEntry entry, RefreshMark mark, TokenProblem problem, TimeSpan? left)
    {
        switch (problem.Kind)
        {
            case TokenProblemKind.GrantRejected:
                return await EndAsync(lease, entry.Grant, mark, mark.Sent > 1 ? $"{CutOff} ({problem.Detail.TrimEnd('.')})" : $"the issuer no longer accepts it ({problem.Detail.TrimEnd('.')})");

            case TokenProblemKind.NotSent:
            case TokenProblemKind.ClientRejected:
                // The token is not spent: as before, the note of an earlier attempt included.
                var undone = await lease.MarkAsync(entry.Grant, entry.Mark, CancellationToken.None);
                return !undone.IsSaved ? await FailedAsync(lease, undone, entry) : new RefreshOutcome
                {
                    Entry = entry,
                    Trouble = problem.Kind == TokenProblemKind.NotSent ? $"The issuer cannot be reached: {problem.Detail}" : $"The issuer refuses this client; the configuration must be mended: {problem.Detail}",
                    Pause = problem.Kind == TokenProblemKind.NotSent ? null : RefreshTiming.AfterRefusal,
                };

            default:
                if (mark.Sent >= RefreshMark.MostSent)
                {
                    return await EndAsync(lease, entry.Grant, mark, $"the last refresh was cut off: it was sent twice and not answered with tokens ({problem.Detail.TrimEnd('.')})");
                }

                var pause = RefreshTiming.OneMore(problem.IsAnswered, left, jitter());
                var planned = mark with { NotBefore = time.GetUtcNow() + pause };
                await lease.MarkAsync(entry.Grant, planned, CancellationToken.None);
                return new RefreshOutcome { Entry = entry with { Mark = planned }, Trouble = $"The issuer did not answer the refresh with tokens: {problem.Detail} It is tried once more", Pause = pause };
        }
    }

    private static async Task<RefreshOutcome> EndAsync(ITokenLease lease, StoredGrant grant, RefreshMark mark, string why)
    {
        var ended = mark with { NotBefore = null, Ended = why };
        // Where this cannot be saved, the note that two were sent, or one, stands and says nearly the same.
        await lease.MarkAsync(grant, ended, CancellationToken.None);
        return new RefreshOutcome { Entry = new StoredEntry(grant, ended) };
    }

    private async Task<RefreshOutcome> FailedAsync(ITokenLease lease, SaveResult result, StoredEntry entry) =>
        result.Outcome == SaveOutcome.Superseded
            ? new RefreshOutcome { Entry = (await lease.ReadAsync(target.Upstream, CancellationToken.None)).Entry }
            : new RefreshOutcome { Entry = entry, Trouble = result.Problem };
}
