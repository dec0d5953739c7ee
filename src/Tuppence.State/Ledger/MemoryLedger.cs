namespace Tuppence.State.Ledger;

/// <summary>
/// A ledger that ends with the process, for <c>ledger: off</c>. It keeps the latest rows; the sums, as far as whole hours go, are those of all rows
/// since the start.
/// </summary>
/// <param name="mostRows">How many rows are kept.</param>
/// <param name="mostSums">How many different hours of a model, preset, key and upstream are kept.</param>
public sealed class MemoryLedger(int mostRows = 5_000, int mostSums = 20_000) : ILedger
{
    private readonly Lock gate = new();
    private readonly LinkedList<LedgerEntry> rows = new();
    private readonly Dictionary<string, LinkedListNode<LedgerEntry>> byId = new(StringComparer.Ordinal);
    private readonly Queue<string> ids = new();
    private readonly Dictionary<HourKey, LedgerTally> hours = [];
    private readonly Queue<HourKey> hourOrder = new();

    /// <inheritdoc/>
    public string? Problem => null;

    /// <inheritdoc/>
    public long Lost => 0;

    /// <inheritdoc/>
    public void Add(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (gate)
        {
            if (byId.ContainsKey(entry.Id))
            {
                return;
            }

            // Newest first. Most rows belong at the front; a long answer a little behind.
            var before = rows.First;
            while (before is not null && before.Value.At > entry.At)
            {
                before = before.Next;
            }

            byId[entry.Id] = before is null ? rows.AddLast(entry) : rows.AddBefore(before, entry);
            ids.Enqueue(entry.Id);
            if (ids.Count > mostRows && byId.Remove(ids.Dequeue(), out var oldest))
            {
                rows.Remove(oldest);
            }

            var key = new HourKey(LedgerTime.HourOf(entry.At), entry.Model, entry.Preset, entry.Key, entry.Upstream);
            if (!hours.TryGetValue(key, out var tally))
            {
                hours[key] = tally = new LedgerTally();
                hourOrder.Enqueue(key);
                if (hourOrder.Count > mostSums)
                {
                    hours.Remove(hourOrder.Dequeue());
                }
            }

            tally.Add(entry);
        }
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<LedgerPage> ReadAsync(LedgerQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var filter = new LedgerFilter(query);
        var limit = LedgerFilter.Limit(query);
        lock (gate)
        {
            var known = query.Before is { } before && byId.TryGetValue(before, out var place) ? place : null;
            var found = new List<LedgerEntry>();
            for (var node = known is null ? rows.First : known.Next; node is not null && found.Count <= limit; node = node.Next)
            {
                var isBefore = known is not null || query.Before is null || string.CompareOrdinal(node.Value.Id, query.Before) < 0;
                if (isBefore && filter.Holds(node.Value) && filter.HasWords(node.Value))
                {
                    found.Add(node.Value);
                }
            }

            return Task.FromResult(found.Count > limit ? new LedgerPage(found[..limit], found[limit - 1].Id) : new LedgerPage(found, null));
        }
    }

    /// <inheritdoc/>
    public Task<LedgerEntry?> FindAsync(string id, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Task.FromResult(byId.TryGetValue(id, out var node) ? node.Value : null);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<string>> KnownAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyCollection<string>>([.. ids.Where(byId.ContainsKey)]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerSum>> SumAsync(LedgerQuery query, LedgerGrouping grouping, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var tallies = new LedgerTallies(grouping);
        var filter = new LedgerFilter(query);
        var needsRows = grouping == LedgerGrouping.Conversation || query.Conversation is not null || query.FailedOnly || !string.IsNullOrWhiteSpace(query.Search);
        lock (gate)
        {
            foreach (var (from, until, isHours) in SumSlices.Of(query.From is { } first ? LedgerTime.Of(first) : null, query.Until is { } end ? LedgerTime.Of(end) : null))
            {
                if (isHours && !needsRows)
                {
                    AddHours(from, until);
                    continue;
                }

                foreach (var entry in rows.Where(entry => LedgerTime.Of(entry.At) is var at && at >= from && at < until && filter.Holds(entry) && filter.HasWords(entry)))
                {
                    tallies[LedgerTallies.NameOf(grouping, entry)].Add(entry);
                }
            }
        }

        return Task.FromResult(tallies.Sums());

        void AddHours(long from, long until)
        {
            foreach (var (key, tally) in hours)
            {
                if (key.Hour * LedgerTime.Hour is var begin && begin >= from && begin < until && key.IsOf(query))
                {
                    tallies[key.NameOf(grouping)].Add(tally.Sum(null));
                }
            }
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerConversation>> ConversationsAsync(LedgerQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var filter = new LedgerFilter(query);
        var found = new List<LedgerConversation>();
        lock (gate)
        {
            foreach (var group in rows.Where(entry => entry.Conversation is not null && filter.Holds(entry)).GroupBy(static entry => entry.Conversation!, StringComparer.Ordinal))
            {
                var tally = new LedgerTally();
                foreach (var entry in group)
                {
                    tally.Add(entry);
                }

                var (latest, since) = (group.First(), group.Last());
                found.Add(new LedgerConversation(
                    group.Key, group.Select(static entry => entry.Title).FirstOrDefault(static title => title is not null), latest.Model, latest.Client, since.At, latest.At, tally.Sum(group.Key)));
            }
        }

        var ordered = found.Where(filter.HasWords).OrderByDescending(static one => one.Latest).ThenByDescending(static one => one.Id, StringComparer.Ordinal).ToList();
        var after = query.Before is null ? 0 : ordered.FindIndex(one => one.Id == query.Before) + 1;
        return Task.FromResult<IReadOnlyList<LedgerConversation>>(query.Before is not null && after == 0 ? [] : [.. ordered.Skip(after).Take(LedgerFilter.Limit(query))]);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed record HourKey(long Hour, string? Model, string? Preset, string? Key, string? Upstream)
    {
        public bool IsOf(LedgerQuery query) =>
            (query.Model is null || query.Model == Model) && (query.Preset is null || query.Preset == Preset)
            && (query.Key is null || query.Key == Key) && (query.Upstream is null || query.Upstream == Upstream);

        public string? NameOf(LedgerGrouping grouping) => grouping switch
        {
            LedgerGrouping.Hour or LedgerGrouping.Day => LedgerTallies.NameOf(grouping, Hour),
            LedgerGrouping.Model => Model,
            LedgerGrouping.Preset => Preset,
            LedgerGrouping.Key => Key,
            LedgerGrouping.Upstream => Upstream,
            _ => null,
        };
    }
}
