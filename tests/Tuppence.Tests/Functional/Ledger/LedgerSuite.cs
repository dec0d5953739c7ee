using CsCheck;
using Tuppence.State.Ledger;
using Tuppence.Thrift.Accounts;

namespace Tuppence.Tests.Functional.Ledger;

/// <summary>What every ledger does, wherever it keeps its rows.</summary>
public abstract class LedgerSuite : IAsyncDisposable
{
    protected static readonly DateTimeOffset Start = new(2026, 11, 1, 22, 30, 0, TimeSpan.Zero);

    protected abstract ILedger Ledger { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public abstract ValueTask DisposeAsync();

    /// <summary>A ledger of its own.</summary>
    protected abstract ILedger Another();

    [Fact]
    public async Task A_row_comes_back_as_it_was_added()
    {
        var full = Full("full");
        var bare = LedgerEntries.Bare("bare", Start.AddSeconds(1));
        await AddAsync(full, bare);

        Assert.Equivalent(full, await Ledger.FindAsync("full", Cancellation), strict: true);
        Assert.Equivalent(bare, await Ledger.FindAsync("bare", Cancellation), strict: true);
        Assert.Null(await Ledger.FindAsync("nobody", Cancellation));
    }

    [Fact]
    public async Task Any_rows_come_back_as_they_were_added()
    {
        await LedgerEntries.Any.List[1, 20].SampleAsync(
            async rows =>
            {
                await using var ledger = Another();
                rows = [.. rows.DistinctBy(static row => row.Id, StringComparer.Ordinal)];
                rows.ForEach(ledger.Add);
                await ledger.FlushAsync(CancellationToken.None);
                var page = await ledger.ReadAsync(new LedgerQuery { Limit = 1000 }, CancellationToken.None);
                Assert.Equivalent(rows.Index().OrderByDescending(static row => row.Item.At).ThenByDescending(static row => row.Index).Select(static row => row.Item).ToList(), page.Entries, strict: true);
            },
            iter: 30);
    }

    [Fact]
    public async Task A_row_whose_id_is_there_is_not_added_again()
    {
        await AddAsync(Full("one"), Full("two"), Full("one"));
        await AddAsync(Full("two") with { Model = "other" });

        Assert.Equal(["two", "one"], (await Ledger.ReadAsync(new LedgerQuery(), Cancellation)).Entries.Select(static row => row.Id), StringComparer.Ordinal);
        Assert.Equal(2, (await Ledger.SumAsync(new LedgerQuery(), LedgerGrouping.Total, Cancellation))[0].Requests);
    }

    [Fact]
    public async Task Of_some_ids_those_are_told_that_have_a_row()
    {
        await AddAsync(Full("one"), Full("two"));
        Assert.Equal(["one", "two"], (await Ledger.KnownAsync(["two", "zero", "one"], TestContext.Current.CancellationToken)).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Empty(await Ledger.KnownAsync([], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Pages_join_without_a_gap_or_a_repeat_even_where_the_clock_went_back()
    {
        var rows = Enumerable.Range(0, 57).Select(i => LedgerEntries.Bare($"{i:D3}", Start.AddSeconds(i / 4 % 5))).ToArray();
        await AddAsync(rows);

        var (seen, before) = (new List<string>(), (string?)null);
        do
        {
            var page = await Ledger.ReadAsync(new LedgerQuery { Limit = 7, Before = before }, Cancellation);
            Assert.InRange(page.Entries.Count, 1, 7);
            seen.AddRange(page.Entries.Select(static row => row.Id));
            before = page.Next;
        }
        while (before is not null);

        Assert.Equal(rows.Index().OrderByDescending(static row => row.Item.At).ThenByDescending(static row => row.Index).Select(static row => row.Item.Id), seen, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_page_before_a_row_that_is_not_there_holds_the_ids_before_it()
    {
        await AddAsync([.. Enumerable.Range(0, 5).Select(i => LedgerEntries.Bare($"{i}0", Start.AddSeconds(i)))]);

        Assert.Equal(["20", "10", "00"], (await Ledger.ReadAsync(new LedgerQuery { Before = "25" }, Cancellation)).Entries.Select(static row => row.Id), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Each_condition_narrows()
    {
        var rows = new[]
        {
            LedgerEntries.Bare("0", Start),
            LedgerEntries.Bare("1", Start.AddHours(1)) with { Model = "opus", Client = "Silly_Tavern/1%" },
            LedgerEntries.Bare("2", Start.AddHours(2)) with { Preset = "teller", Conversation = "c-1", Title = "A quiet harbour" },
            LedgerEntries.Bare("3", Start.AddHours(3)) with { Key = "phone", Status = 429, ErrorType = "rate_limit_error" },
            LedgerEntries.Bare("4", Start.AddHours(4)) with { Upstream = "bedrock", Outcome = RequestOutcome.ClientLeft, Status = null },
            LedgerEntries.Bare("5", Start.AddHours(5)) with { Model = "opus", Key = "phone", Conversation = "c-1", Title = "A quiet harbour" },
        };
        await AddAsync(rows);

        await HasAsync("543210", new LedgerQuery());
        await HasAsync("543", new LedgerQuery { From = Start.AddHours(3) });
        await HasAsync("10", new LedgerQuery { Until = Start.AddHours(2) });
        await HasAsync("", new LedgerQuery { From = Start.AddHours(3), Until = Start.AddHours(2) });
        await HasAsync("51", new LedgerQuery { Model = "opus" });
        await HasAsync("", new LedgerQuery { Model = "op" });
        await HasAsync("5", new LedgerQuery { Model = "opus", Key = "phone" });
        await HasAsync("2", new LedgerQuery { Preset = "teller" });
        await HasAsync("4", new LedgerQuery { Upstream = "bedrock" });
        await HasAsync("52", new LedgerQuery { Conversation = "c-1" });
        await HasAsync("43", new LedgerQuery { FailedOnly = true });
        await HasAsync("3", new LedgerQuery { FailedOnly = true, Key = "phone" });
        await HasAsync("52", new LedgerQuery { Search = "HARBOUR quiet" });
        await HasAsync("5", new LedgerQuery { Search = "harbour opus" });
        await HasAsync("1", new LedgerQuery { Search = "silly_tavern/1%" });
        await HasAsync("", new LedgerQuery { Search = "silly-tavern" });
        await HasAsync("3", new LedgerQuery { Search = "rate_limit" });
        await HasAsync("", new LedgerQuery { Search = "harbour xyzzy" });
        await HasAsync("", new LedgerQuery { Search = "'; DROP TABLE entries; --" });

        async Task HasAsync(string ids, LedgerQuery query) =>
            Assert.Equal(ids, string.Concat((await Ledger.ReadAsync(query, Cancellation)).Entries.Select(static row => row.Id)));
    }

    [Fact]
    public async Task Sums_are_those_of_the_rows_for_every_grouping_and_query()
    {
        var moments = Gen.Nullable(Gen.Int[-30, 90].Select(static minutes => Start.AddMinutes(minutes * 7)));
        var queries = Gen.Select(
            moments, moments, LedgerEntries.Model.Null(0.7), LedgerEntries.Key.Null(0.7), LedgerEntries.Of<string?>("c0", null, null, null), Gen.Frequency((4, Gen.Const(false)), (1, Gen.Bool)),
            static (from, until, model, key, conversation, failed) => new LedgerQuery { From = from, Until = until, Model = model, Key = key, Conversation = conversation, FailedOnly = failed });
        await Gen.Select(LedgerEntries.Any.List[0, 40], queries, Gen.Enum<LedgerGrouping>()).SampleAsync(
            async (rows, query, grouping) =>
            {
                await using var ledger = Another();
                rows = [.. rows.DistinctBy(static row => row.Id, StringComparer.Ordinal)];
                rows.ForEach(ledger.Add);
                await ledger.FlushAsync(CancellationToken.None);

                var sums = await ledger.SumAsync(query, grouping, CancellationToken.None);
                var expected = LedgerEntries.Sums(rows, query, grouping);
                Assert.Equal(expected.OrderBy(static sum => sum.Group, StringComparer.Ordinal), sums.OrderBy(static sum => sum.Group, StringComparer.Ordinal));
                Assert.Equal(
                    grouping is LedgerGrouping.Hour or LedgerGrouping.Day ? sums.OrderBy(static sum => sum.Group, StringComparer.Ordinal) : sums.OrderByDescending(static sum => sum.Cost), sums);
            },
            iter: 60);
    }

    [Fact]
    public async Task Nothing_adds_up_to_one_sum_of_nothing()
    {
        Assert.Equal([new LedgerSum()], await Ledger.SumAsync(new LedgerQuery(), LedgerGrouping.Total, Cancellation));
        Assert.Empty(await Ledger.SumAsync(new LedgerQuery(), LedgerGrouping.Day, Cancellation));
        Assert.Empty((await Ledger.ReadAsync(new LedgerQuery(), Cancellation)).Entries);
        Assert.Empty(await Ledger.ConversationsAsync(new LedgerQuery(), Cancellation));
        Assert.Null(Ledger.Problem);
    }

    [Fact]
    public async Task A_row_without_a_known_price_is_told_and_costs_nothing_in_the_sum()
    {
        await AddAsync(Full("priced"), Full("unpriced") with { Cost = null }, LedgerEntries.Bare("free", Start));

        var sum = (await Ledger.SumAsync(new LedgerQuery(), LedgerGrouping.Total, Cancellation))[0];
        var priced = Full("priced");
        Assert.Equal((3, 1, priced.Cost!.Total, 2 * priced.Usage!.Input), (sum.Requests, sum.Unpriced, sum.Cost, sum.Input));
        Assert.Equal(priced.Turn!.Bound + priced.Cost.Output + priced.Cost.ServerTools, sum.Bound);
    }

    [Fact]
    public async Task Conversations_come_latest_first_with_their_rows_added_up()
    {
        var rows = Enumerable.Range(0, 12).Select(i => Full($"{i:D2}") with { At = Start.AddMinutes(i), Conversation = i == 11 ? null : $"c-{i % 3}", Title = i % 3 == 1 ? "A quiet harbour" : null, Model = $"m{i}" }).ToArray();
        await AddAsync(rows);

        var found = await Ledger.ConversationsAsync(new LedgerQuery(), Cancellation);
        Assert.Equal(["c-1", "c-0", "c-2"], found.Select(static one => one.Id), StringComparer.Ordinal);
        Assert.Equal(("A quiet harbour", "m10", rows[0].Client, Start.AddMinutes(1), Start.AddMinutes(10)), (found[0].Title, found[0].Model, found[0].Client, found[0].Since, found[0].Latest));
        Assert.Equal((4, 4 * rows[0].Cost!.Total, "c-1"), (found[0].Sum.Requests, found[0].Sum.Cost, found[0].Sum.Group));

        Assert.Equal(["c-0", "c-2"], (await Ledger.ConversationsAsync(new LedgerQuery { Before = "c-1" }, Cancellation)).Select(static one => one.Id), StringComparer.Ordinal);
        Assert.Equal(["c-1"], (await Ledger.ConversationsAsync(new LedgerQuery { Limit = 1 }, Cancellation)).Select(static one => one.Id), StringComparer.Ordinal);
        Assert.Equal(["c-1"], (await Ledger.ConversationsAsync(new LedgerQuery { Search = "harbour" }, Cancellation)).Select(static one => one.Id), StringComparer.Ordinal);
        Assert.Equal(["c-2"], (await Ledger.ConversationsAsync(new LedgerQuery { Conversation = "c-2" }, Cancellation)).Select(static one => one.Id), StringComparer.Ordinal);
        var narrowed = Assert.Single(await Ledger.ConversationsAsync(new LedgerQuery { Model = "m4" }, Cancellation));
        Assert.Equal(("c-1", 1L, Start.AddMinutes(4)), (narrowed.Id, narrowed.Sum.Requests, narrowed.Since));
        Assert.Equal(2, Assert.Single(await Ledger.ConversationsAsync(new LedgerQuery { From = Start.AddMinutes(7), Conversation = "c-1" }, Cancellation)).Sum.Requests);
    }

    [Fact]
    public async Task Rows_added_by_many_at_once_are_all_there()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 250; i++)
            {
                Ledger.Add(LedgerEntries.Bare($"{thread}-{i:D4}", Start.AddSeconds(i)));
            }
        })));
        await Ledger.FlushAsync(Cancellation);

        Assert.Equal(2000, (await Ledger.ReadAsync(new LedgerQuery { Limit = 5000 }, Cancellation)).Entries.Select(static row => row.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(0, Ledger.Lost);
    }

    protected static LedgerEntry Full(string id) => LedgerEntries.Bare(id, Start) with
    {
        Kind = RequestKind.KeepAlive,
        Outcome = RequestOutcome.Broken,
        Conversation = "c-1",
        Title = "A quiet harbour",
        Preset = "teller",
        Key = "phone",
        Client = "SillyTavern/1.14.0",
        Upstream = "anthropic",
        Platform = "anthropic",
        Model = "claude-opus-5-5",
        Status = 200,
        IsStream = true,
        StopReason = "end_turn",
        ErrorType = "overloaded_error",
        ProviderId = "req_011CXyz",
        Usage = new EntryUsage { Input = 1, CacheRead = 2, CacheWrite5m = 3, CacheWrite1h = 4, Output = 5, Thinking = 6, WebSearches = 7, WebFetches = 8, ServiceTier = "priority", InferenceGeo = "us", IsPartial = true },
        Cost = new EntryCost { Input = 10, CacheRead = 20, CacheWrite = 30, Output = 40, ServerTools = 50, WithoutCaching = 600 },
        Times = new EntryTimes { Queue = 1, FirstByte = 2, Total = 3, Own = 4 },
        Retries = 2,
        Edits = "sampling-filter;did=\"dropped top_p\"",
        Turn = new EntryTurn
        {
            Number = 7,
            Level = "relocate+window",
            Planned = 70,
            Bound = 60,
            Cause = BreakCause.NotWritten,
            BrokenTokens = 5,
            BrokenCost = 6,
            Strip = [new PromptRun(PromptRunKind.Read, 100_000), new PromptRun(PromptRunKind.Missed, 1), new PromptRun(PromptRunKind.Uncached, 0)],
        },
        RequestBytes = 123_456_789_012,
        ResponseBytes = 5,
    };

    protected async Task AddAsync(params LedgerEntry[] rows)
    {
        foreach (var row in rows)
        {
            Ledger.Add(row);
        }

        await Ledger.FlushAsync(Cancellation);
    }
}
