using System.Runtime.CompilerServices;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Accounts;

/// <summary>Why each turn cost what it did. Takes each planned turn, later its bill, and keeps the account of every conversation.</summary>
/// <remarks>
/// Safe for parallel use; bounded in memory by its options. <see cref="Begin(CachePlan)"/> only copies hashes and the texts not yet known; all else is done
/// when the bill comes, after the answer. Nothing here fails because of what a request says.
/// </remarks>
public sealed class CacheAccounts
{
    private readonly ConditionalWeakTable<PlannedTurn, PendingTurn> pending = [];
    private readonly TextMemory texts;
    private readonly Ledger ledger;

    /// <summary>Accounts with the given bounds.</summary>
    public CacheAccounts(CacheAccountsOptions? options = null)
    {
        Options = options ?? new CacheAccountsOptions();
        texts = new TextMemory(Options.TextBytes, Options.LongestText);
        ledger = new Ledger(Options, texts);
    }

    /// <summary>What it was made with.</summary>
    public CacheAccountsOptions Options { get; }

    /// <summary>Bytes of text remembered at this moment.</summary>
    public long TextBytes
    {
        get
        {
            lock (texts)
            {
                return texts.Bytes;
            }
        }
    }

    /// <summary>Notes a request as it is to be sent. Call it before the plan is disposed of; it copies what it needs and keeps nothing of the body.</summary>
    /// <returns>The turn, for <see cref="Settle"/> or <see cref="Abandon"/>; null where nothing was planned.</returns>
    public PlannedTurn? Begin(CachePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Turn is { } turn)
        {
            Begin(turn, plan.Prompt);
        }

        return plan.Turn;
    }

    /// <summary>Notes a request as it is to be sent. A rehearsal is not, so nothing is noted of it.</summary>
    /// <param name="turn">Its plan. One turn is begun once.</param>
    /// <param name="prompt">Its blocks. Is read during the call only.</param>
    public void Begin(PlannedTurn turn, Prompt prompt)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(prompt);
        if (turn.Context.IsRehearsal)
        {
            return;
        }

        pending.AddOrUpdate(turn, new PendingTurn(turn, prompt));
        if (Options.TextBytes == 0)
        {
            return;
        }

        var json = prompt.Body.Bytes.Span;
        lock (texts)
        {
            foreach (ref readonly var block in prompt.Blocks)
            {
                if (!block.Text.IsEmpty)
                {
                    texts.Keep(block.Hash, block.Text.Of(json));
                }
                else if (block.Kind == BlockKind.Tool && !block.Range.IsEmpty)
                {
                    texts.Keep(block.Hash, block.Range.Of(json));
                }
            }
        }
    }

    /// <summary>Takes what the provider billed, once for a turn that was begun.</summary>
    /// <returns>The account; null where the turn was not begun, or is over already.</returns>
    public TurnAccount? Settle(PlannedTurn turn, in CacheBill reported)
    {
        ArgumentNullException.ThrowIfNull(turn);
        if (!TryTake(turn, out var begun))
        {
            return null;
        }

        try
        {
            lock (ledger)
            {
                lock (texts)
                {
                    return ledger.Settle(begun, reported);
                }
            }
        }
        finally
        {
            begun.Release();
        }
    }

    /// <summary>Notes that a ping kept a turn's cache alive; its cost belongs to the conversation, which it is no turn of.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="cost">What the ping cost, in nano-dollars.</param>
    public void Pinged(PlannedTurn turn, long cost)
    {
        ArgumentNullException.ThrowIfNull(turn);
        lock (ledger)
        {
            ledger.Pinged(turn.Lineage, cost);
        }
    }

    /// <summary>Forgets a turn that was not sent or not answered.</summary>
    public void Abandon(PlannedTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        if (TryTake(turn, out var begun))
        {
            begun.Release();
        }
    }

    /// <summary>The account of a conversation, or null.</summary>
    /// <param name="id">Its number: <see cref="TurnAccount.Conversation"/>.</param>
    public ConversationAccount? Find(long id)
    {
        lock (ledger)
        {
            return ledger.Find(id);
        }
    }

    /// <summary>The conversations, the latest first.</summary>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<ConversationAccount> Recent(int most)
    {
        lock (ledger)
        {
            return ledger.Recent(most);
        }
    }

    private bool TryTake(PlannedTurn turn, out PendingTurn begun)
    {
        lock (pending)
        {
            return pending.TryGetValue(turn, out begun!) && pending.Remove(turn);
        }
    }
}
