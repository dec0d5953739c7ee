using System.Collections.Concurrent;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Rewriting.Heads;
using Tuppence.Thrift.Rewriting.Histories;

namespace Tuppence.Thrift.Rewriting;

/// <summary>
/// Rewrites the requests of conversations so that their beginning stays the same: text that changes from request to request goes behind
/// the history, and the start of the window is kept. It learns from the requests alone, of each conversation by itself.
/// </summary>
/// <remarks>
/// Safe for parallel use. Remembers text of the conversations, in memory only and bounded by <see cref="RewritingOptions.MostBytes"/>.
/// The first request of a conversation always passes as it is.
/// </remarks>
public sealed class ConversationRewriting(RewritingOptions? options = null) : IRewriting
{
    private readonly RewritingOptions options = options ?? new RewritingOptions();
    private readonly RewritingMemory memory = new((options ?? new RewritingOptions()).MostBytes);
    private readonly ConcurrentBag<RewriteWork> idle = [];
    private readonly Lock gate = new();

    /// <summary>Bytes that are remembered of all conversations, about.</summary>
    public long RememberedBytes
    {
        get
        {
            lock (gate)
            {
                return memory.Bytes;
            }
        }
    }

    /// <inheritdoc/>
    public Rewritten? Rewrite(ReadOnlyMemory<byte> body, in PlanContext context)
    {
        if (context.Level is CacheLevel.Off or CacheLevel.Respect or CacheLevel.Markers)
        {
            return null;
        }

        var work = idle.TryTake(out var kept) ? kept : new RewriteWork(options);
        try
        {
            return work.Read(body) ? Rewrite(work, context with { Prices = context.PricesFor(work.Prompt.Tokens) }) : null;
        }
        finally
        {
            idle.Add(work);
        }
    }

    private Rewritten? Rewrite(RewriteWork work, in PlanContext context)
    {
        var shelf = $"{context.Scope}\n{work.Prompt.Model}\n{context.Level}";
        lock (gate)
        {
            var (chat, head) = memory.Find(shelf, work.Head, work.History);
            if (context.IsRehearsal)
            {
                (chat, head) = (chat?.Copy(), chat is null ? head?.Copy() : null);
            }

            chat ??= new ChatMemory(head ?? HeadMemory.Of(work.Head, work.Prompt), options);
            var rewritten = work.Run(chat, context);
            if (!context.IsRehearsal)
            {
                memory.Use(shelf, chat);
            }

            return rewritten;
        }
    }
}
