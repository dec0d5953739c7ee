using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Accounts;

/// <summary>Why each turn cost what it did. Takes each planned turn, later its bill, and keeps the account of every conversation.</summary>
/// <remarks>Safe for parallel use; bounded in memory by its options. Nothing here fails because of what a request says.</remarks>
public sealed class CacheAccounts
{
    /// <summary>Accounts with the given bounds.</summary>
    public CacheAccounts(CacheAccountsOptions? options = null) => Options = options ?? new CacheAccountsOptions();

    /// <summary>What it was made with.</summary>
    public CacheAccountsOptions Options { get; }

    /// <summary>Notes a request as it is to be sent. Call it before the plan is disposed of; it copies what it needs and keeps nothing of the body.</summary>
    /// <returns>The turn's key for <see cref="Settle"/> or <see cref="Abandon"/>; null where nothing was planned.</returns>
    public PlannedTurn? Begin(CachePlan plan) => throw new NotSupportedException();

    /// <summary>Takes what the provider billed, once for a turn that was begun.</summary>
    /// <returns>The account; null where the turn is not (or no longer) known.</returns>
    public TurnAccount? Settle(PlannedTurn turn, in CacheBill reported) => throw new NotSupportedException();

    /// <summary>Forgets a turn that was not sent or not answered.</summary>
    public void Abandon(PlannedTurn turn) => throw new NotSupportedException();

    /// <summary>The account of a conversation, or null.</summary>
    /// <param name="id">Its number: <see cref="TurnAccount.Conversation"/>.</param>
    public ConversationAccount? Find(long id) => throw new NotSupportedException();

    /// <summary>The conversations, the latest first.</summary>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<ConversationAccount> Recent(int most) => throw new NotSupportedException();
}
