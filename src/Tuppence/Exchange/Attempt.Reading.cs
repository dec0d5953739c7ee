using Tuppence.Accounting;
using Tuppence.Messages.Usage;
using Tuppence.State.Ledger;

namespace Tuppence.Exchange;

/// <content>Who reads a copy of the answer as it passes: for its usage, for the results of a batch, and to keep it where the user has bodies kept.</content>
internal sealed partial class Attempt
{
    private Unpacking? unpacking;
    private Unpacking.Taker? reading;
    private BatchBook? batchBook;

    /// <summary>Reads what the answer tells of itself, where somebody wants to know and it can be read.</summary>
    private UsageReader? UsageOf()
    {
        var isServed = Head.Status is >= 200 and < 300;
        record.IsStream = Answer?.Decoder is not null || Head.IsEventStream;
        if (record.IsWatched || (Plan is not null && isServed))
        {
            var usage = new UsageReader(record.IsStream);
            reading = ReaderOf(usage);
            unpacking = Head.IsEncoded && Answer?.Decoder is null ? Unpacking.Of(Head.Find("content-encoding"), reading) : null;
            record.IsUnreadable = Head.IsEncoded && unpacking is null && isServed && record.Open.Kind == RequestKind.Message;
            record.Usage = Head.IsEncoded && unpacking is null ? null : usage;
        }

        if (Plan is { } plan && isServed)
        {
            (plan.IsServed, plan.Usage) = (true, record.Usage);
        }

        return record.Usage;
    }

    /// <summary>Takes the answer in the client's form, unpacked: the usage is read off it, and it is kept where the user has bodies kept.</summary>
    private Unpacking.Taker ReaderOf(UsageReader usage)
    {
        if (record.Bodies is not { KeepsAll: true } bodies)
        {
            return usage.Feed;
        }

        bodies.BeginAnswer();
        return bytes =>
        {
            usage.Feed(bytes);
            bodies.TakeAnswer(bytes);
        };
    }

    /// <summary>Who reads the answer as it passes; after <see cref="UsageOf"/>.</summary>
    private Unpacking.Taker? TapOf()
    {
        if (!record.IsWatched || Head.Status != 200 || BatchBook.BatchOf(context.Request.Method, route) is not { } batch)
        {
            return unpacking is not null ? unpacking.Feed : record.Usage is null ? null : reading;
        }

        batchBook = new BatchBook(state, batch, record);
        if (!Head.IsEncoded)
        {
            return batchBook.Feed;
        }

        unpacking?.Dispose();
        unpacking = Unpacking.Of(Head.Find("content-encoding"), batchBook.Feed);
        return unpacking is null ? null : unpacking.Feed;
    }
}
