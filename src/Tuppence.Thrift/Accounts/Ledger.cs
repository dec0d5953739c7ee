using System.IO.Hashing;
using System.Runtime.InteropServices;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Accounts;

/// <summary>The conversations and the tree of all their requests. Not safe for parallel use.</summary>
internal sealed class Ledger(CacheAccountsOptions options, TextMemory texts)
{
    private const int Alternatives = 8;

    private readonly PrefixMemory memory = new(options.Blocks);
    private readonly Dictionary<long, Conversation> byId = [];
    private readonly Dictionary<long, Conversation> byLineage = [];
    private readonly LinkedList<Conversation> byAge = new();
    private long conversations;

    public ConversationAccount? Find(long id) => byId.GetValueOrDefault(id)?.Account(!memory.Overflowed);

    public IReadOnlyList<ConversationAccount> Recent(int most) => [.. byAge.Take(most).Select(conversation => conversation.Account(!memory.Overflowed))];

    public TurnAccount? Settle(PendingTurn begun, in CacheBill reported)
    {
        var turn = begun.Turn;
        var blocks = begun.Blocks;
        if (blocks.IsEmpty)
        {
            return null;
        }

        var scope = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(turn.Context.Scope.AsSpan()));
        var path = new PrefixNode[blocks.Length];
        var shared = Descend(blocks, scope, path);
        var most = shared == 0 ? null : path[shared - 1].Trail;
        var conversation = Resolve(turn.Lineage, turn.Context.Scope, turn.At, blocks, most);
        var billed = new BilledPrompt(blocks, reported, turn.Context.PricesFor(reported.Tokens));
        var finding = new BreakFinder(begun, reported, path.AsSpan(0, shared), scope, texts, conversation).Find(billed, most);
        var prices = turn.Context.PricesFor(reported.Tokens);
        var sharedTokens = shared == 0 ? 0 : billed.EndOf(shared - 1);
        var readable = sharedTokens < turn.Context.MinTokens ? 0 : sharedTokens;
        var account = new TurnAccount
        {
            Conversation = conversation.Id,
            Number = conversation.Turns + 1,
            At = turn.At,
            Model = begun.Traits.Model,
            Level = turn.Context.Level,
            Planned = turn.Forecast,
            Reported = reported,
            PlannedCost = turn.Context.CostOf(turn.Forecast),
            Cost = reported.Cost(prices),
            UncachedCost = reported.Tokens * prices.Input,
            IdealCost = (readable * prices.CacheRead) + ((reported.Tokens - readable) * prices.Input),
            Bound = Remember(begun, reported, billed, scope, path, shared, conversation),
            SharedTokens = sharedTokens,
            Break = finding.Main,
            Strip = billed.Strip(finding.Again),
        };
        conversation.Add(account, finding.Other, options.TurnsKept);
        Forget(turn.At);
        return account;
    }

    /// <summary>Enters a ping into the account of the conversation that the planner knows by that number, if there is one.</summary>
    public void Pinged(long lineage, long cost)
    {
        if (byLineage.TryGetValue(lineage, out var conversation))
        {
            conversation.AddPing(cost);
        }
    }

    private int Descend(ReadOnlySpan<PromptBlock> blocks, UInt128 scope, PrefixNode[] path)
    {
        for (var i = 0; i < blocks.Length; i++)
        {
            if (memory.Find(blocks[i].Prefix ^ scope) is not { } node)
            {
                return i;
            }

            path[i] = node;
        }

        return blocks.Length;
    }

    /// <summary>The conversation by the planner's number; one not yet known may go on with a conversation whose history it repeats.</summary>
    private Conversation Resolve(long lineage, string scope, DateTimeOffset at, ReadOnlySpan<PromptBlock> blocks, TurnTrail? most)
    {
        if (!byLineage.TryGetValue(lineage, out var conversation))
        {
            conversation = GoesOnWith(scope, blocks);
            if (conversation is null)
            {
                conversation = new Conversation(++conversations, scope, at);
                byId.Add(conversation.Id, conversation);
                byAge.AddFirst(conversation);
            }

            byLineage.Add(lineage, conversation);
            conversation.Lineages.Add(lineage);
        }

        if (byAge.First!.Value != conversation)
        {
            byAge.Remove(conversation);
            byAge.AddFirst(conversation);
        }

        return conversation;
    }

    /// <summary>The latest conversation that has most of this request's messages.</summary>
    private Conversation? GoesOnWith(string scope, ReadOnlySpan<PromptBlock> blocks)
    {
        var mine = new Dictionary<UInt128, int>();
        var all = 0;
        foreach (ref readonly var block in blocks)
        {
            if (block.Section == PromptSection.Messages && mine.TryAdd(block.Hash, block.Tokens))
            {
                all += block.Tokens;
            }
        }

        foreach (var conversation in byAge.Where(candidate => candidate.Scope == scope && candidate.Trail is not null).Take(Alternatives))
        {
            var same = conversation.Trail!.Path().Where(static node => node.Section == PromptSection.Messages).DistinctBy(static node => node.Content).Sum(node => mine.GetValueOrDefault(node.Content));
            if (same * 2 > all)
            {
                return conversation;
            }
        }

        return null;
    }

    /// <summary>Enters the request into the tree; answers what it adds to the lower bound, in nano-dollars.</summary>
    private long Remember(PendingTurn begun, in CacheBill reported, in BilledPrompt billed, UInt128 scope, PrefixNode[] path, int shared, Conversation conversation)
    {
        var turn = begun.Turn;
        var blocks = begun.Blocks;
        var bound = 0L;
        for (var i = 0; i < blocks.Length; i++)
        {
            if (i >= shared)
            {
                path[i] = new PrefixNode(blocks[i].Prefix ^ scope, i == 0 ? null : path[i - 1], blocks[i]);
                memory.Add(path[i]);
            }

            var tokens = (i == blocks.Length - 1 ? reported.Tokens : billed.EndOf(i)) - billed.StartOf(i);
            bound += tokens * path[i].Visit(conversation.Id, turn.At, turn.Context.PricesFor(reported.Tokens));
            if (billed.Covers(reported.Read, i))
            {
                path[i].Keep(turn.At, null);
            }
            else if (billed.Covers(reported.Read + reported.Write1h, i))
            {
                path[i].Keep(turn.At, Ttl.OneHour);
            }
            else if (billed.Covers(reported.Read + reported.Write1h + reported.Write5m, i))
            {
                path[i].Keep(turn.At, Ttl.FiveMinutes);
            }
        }

        var trail = new TurnTrail(path[^1], path.Length, turn.At, begun.Traits);
        foreach (var node in path)
        {
            node.Trail = trail;
        }

        conversation.Trail = trail;
        memory.Touch(path);
        return bound;
    }

    private void Forget(DateTimeOffset now)
    {
        memory.Trim(now);
        while (byId.Count > options.Conversations)
        {
            var oldest = byAge.Last!.Value;
            byAge.RemoveLast();
            byId.Remove(oldest.Id);
            foreach (var lineage in oldest.Lineages)
            {
                byLineage.Remove(lineage);
            }
        }
    }
}
