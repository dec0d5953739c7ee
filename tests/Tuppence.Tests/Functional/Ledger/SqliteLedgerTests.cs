using Microsoft.Extensions.Time.Testing;
using Tuppence.State.Ledger;
using Tuppence.State.Sqlite;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional.Ledger;

/// <summary>The ledger on disk, and what may befall it.</summary>
public sealed class SqliteLedgerTests : LedgerSuite
{
    private readonly LedgerFolder folder = new();
    private readonly SqliteLedger ledger;
    private int others;

    public SqliteLedgerTests() => ledger = folder.Open();

    protected override ILedger Ledger => ledger;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await ledger.DisposeAsync();
        folder.Dispose();
    }

    protected override ILedger Another() => new SqliteLedger(new SqliteLedgerOptions { Path = Path.Combine(folder.Directory, $"other{++others}.db") }, TimeProvider.System);

    [Fact]
    public async Task Nothing_is_made_before_the_first_row()
    {
        Assert.Equal(0, (await ledger.SumAsync(new LedgerQuery(), LedgerGrouping.Total, Cancellation))[0].Requests);
        Assert.Empty(Directory.GetFiles(folder.Directory));
    }

    [Fact]
    public async Task Rows_are_there_after_a_restart_and_the_end_stores_what_waits()
    {
        await using (var first = folder.Open("again.db"))
        {
            first.Add(Full("one"));
            first.Add(Full("two"));
        }

        await using var second = folder.Open("again.db");
        second.Add(Full("one"));
        second.Add(Full("three"));
        await second.FlushAsync(Cancellation);
        Assert.Equal(["three", "two", "one"], (await second.ReadAsync(new LedgerQuery(), Cancellation)).Entries.Select(static row => row.Id), StringComparer.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.Directory, "again.db-journal")));
    }

    [Fact]
    public async Task A_row_is_on_disk_a_fifth_of_a_second_after_it_was_added()
    {
        var clock = new FakeTimeProvider(Start);
        await using var timed = folder.Open("timed.db", clock);
        using var reader = new LedgerReader(Path.Combine(folder.Directory, "timed.db"));
        timed.Add(Full("first"));
        await AppearsAsync("first");
        timed.Add(Full("second"));
        clock.Advance(TimeSpan.FromMilliseconds(200));
        await AppearsAsync("second");

        async Task AppearsAsync(string id)
        {
            while (await reader.FindAsync(id, Cancellation) is null)
            {
                // The clock stands still: only work that is already due can bring it.
                clock.Advance(TimeSpan.Zero);
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task Rows_wait_while_another_program_holds_the_lock_and_people_are_told_once()
    {
        await AddAsync(Full("before"));
        using var other = folder.Connect();
        LedgerFolder.Run(other, "BEGIN IMMEDIATE");
        ledger.Add(Full("meanwhile"));
        Assert.Contains("holds the ledger", await folder.ToldAsync(), StringComparison.Ordinal);
        Assert.Contains("holds the ledger", ledger.Problem, StringComparison.Ordinal);
        Assert.Single((await ledger.ReadAsync(new LedgerQuery(), Cancellation)).Entries);

        LedgerFolder.Run(other, "COMMIT");
        await ledger.FlushAsync(Cancellation);
        Assert.Null(ledger.Problem);
        Assert.Equal(["meanwhile", "before"], (await ledger.ReadAsync(new LedgerQuery(), Cancellation)).Entries.Select(static row => row.Id), StringComparer.Ordinal);
        Assert.Contains("written again", await folder.ToldAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_comes_after_the_end_is_counted_and_told_as_that()
    {
        var closed = folder.Open("closed.db");
        await closed.DisposeAsync();
        closed.Add(Full("late"));
        Assert.Equal(1, closed.Lost);
        Assert.Contains("after the ledger was closed", await folder.ToldAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_do_not_wait_while_many_old_ones_are_removed()
    {
        // A tenth of a second passes each time that somebody looks. A row comes as the removal begins; when it begins again, the row must be there.
        SqliteLedger? busy = null;
        var (came, seen) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        var clock = new WatchedClock(Start, look =>
        {
            if (look == 1)
            {
                busy!.Add(Full("new"));
                came.SetResult();
            }
            else if (look == 3)
            {
                seen.Task.Wait(Cancellation);
            }
        });
        await using var ledger = busy = folder.Open("busy.db", clock);
        foreach (var i in Enumerable.Range(0, 3000))
        {
            busy.Add(Full($"old{i:D4}") with { At = Start - TimeSpan.FromDays(30) });
        }

        await busy.FlushAsync(Cancellation);
        busy.RetentionDays = 7;
        busy.Add(Full("first"));
        await came.Task.WaitAsync(Cancellation);
        await busy.FlushAsync(Cancellation);
        var left = (await busy.SumAsync(new LedgerQuery(), LedgerGrouping.Total, Cancellation))[0].Requests;
        var row = await busy.FindAsync("new", Cancellation);
        seen.SetResult();
        Assert.NotNull(row);
        Assert.InRange(left, 500, 2999);
    }

    [Fact]
    public async Task What_does_not_fit_into_the_queue_is_counted_and_told()
    {
        string? problem = "The disk is away.";
        await using var small = folder.Open("small.db", prepare: () => problem, mostWaiting: 10);
        small.Add(Full("000"));
        Assert.Equal("The disk is away.", await folder.ToldAsync());
        for (var i = 1; i < 40; i++)
        {
            small.Add(Full($"{i:D3}"));
        }

        Assert.Equal(29, small.Lost);
        Assert.Contains("rows are lost", await folder.ToldAsync(), StringComparison.Ordinal);
        problem = null;
        await small.FlushAsync(Cancellation);
        Assert.Equal(11, (await small.SumAsync(new LedgerQuery(), LedgerGrouping.Total, Cancellation))[0].Requests);
    }

    [Fact]
    public async Task A_damaged_database_is_set_aside_and_never_deleted()
    {
        await AddAsync([.. Enumerable.Range(0, 200).Select(static i => Full($"{i:D3}"))]);
        await ledger.DisposeAsync();
        var path = Path.Combine(folder.Directory, "ledger.db");
        var bytes = await File.ReadAllBytesAsync(path, Cancellation);
        Array.Fill(bytes, (byte)0x5a, 0, 8192);
        await File.WriteAllBytesAsync(path, bytes, Cancellation);

        await using var again = folder.Open();
        await Assert.ThrowsAsync<LedgerException>(() => again.ReadAsync(new LedgerQuery(), Cancellation));
        again.Add(Full("after"));
        await again.FlushAsync(Cancellation);
        Assert.Equal(["after"], (await again.ReadAsync(new LedgerQuery(), Cancellation)).Entries.Select(static row => row.Id), StringComparer.Ordinal);
        var kept = Assert.Single(Directory.GetFiles(folder.Directory, "*-damaged-*.db"));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(kept, Cancellation));
        Assert.Contains(kept, again.Problem, StringComparison.Ordinal);
        Assert.Equal(again.Problem, await folder.ToldAsync());
    }

    [Fact]
    public async Task A_ledger_of_a_later_version_is_left_alone()
    {
        await AddAsync(Full("one"));
        await ledger.DisposeAsync();
        using (var other = folder.Connect())
        {
            LedgerFolder.Run(other, "PRAGMA user_version = 99");
        }

        await using var again = folder.Open();
        again.Add(Full("two"));
        Assert.Contains("later version of Tuppence", await folder.ToldAsync(), StringComparison.Ordinal);
        Assert.Contains("later version", (await Assert.ThrowsAsync<LedgerException>(() => again.ReadAsync(new LedgerQuery(), Cancellation))).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Directory, "*damaged*"));
    }

    [Fact]
    public async Task A_database_of_another_program_is_left_alone()
    {
        using (var other = folder.Connect())
        {
            LedgerFolder.Run(other, "CREATE TABLE mine (a)");
        }

        ledger.Add(Full("one"));
        Assert.Contains("another program", await folder.ToldAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_are_too_old_go_and_their_sums_with_them()
    {
        var clock = new FakeTimeProvider(Start);
        await using var kept = folder.Open("kept.db", clock);
        for (var day = 0; day < 1500; day++)
        {
            kept.Add(Full($"{day:D4}") with { At = Start.AddDays(-day), Conversation = $"c-{day}" });
        }

        await kept.FlushAsync(Cancellation);
        kept.RetentionDays = 30;
        kept.Add(Full("now") with { At = Start, Conversation = "c-0" });
        await kept.FlushAsync(Cancellation);
        await PrunedAsync(kept, "now");
        await kept.DisposeAsync();

        using var reader = new LedgerReader(Path.Combine(folder.Directory, "kept.db"));
        var rows = (await reader.ReadAsync(new LedgerQuery { Limit = 5000 }, Cancellation)).Entries;
        Assert.Equal(32, rows.Count);
        Assert.True(rows.All(static row => row.At >= Start.AddDays(-30)));
        Assert.Equal(32, (await reader.SumAsync(new LedgerQuery(), LedgerGrouping.Total, Cancellation))[0].Requests);
        Assert.Equal(LedgerEntries.Sums(rows, new LedgerQuery(), LedgerGrouping.Day).OrderBy(static sum => sum.Group, StringComparer.Ordinal), await reader.SumAsync(new LedgerQuery(), LedgerGrouping.Day, Cancellation));
        Assert.Equal(31, (await reader.ConversationsAsync(new LedgerQuery { Limit = 5000 }, Cancellation)).Count);
    }

    [Fact]
    public async Task The_oldest_rows_make_room_where_the_ledger_is_too_large()
    {
        await using var kept = folder.Open("large.db", new FakeTimeProvider(Start.AddDays(1)));
        for (var i = 0; i < 6000; i++)
        {
            kept.Add(Full($"{i:D5}") with { At = Start.AddSeconds(i), Edits = new string('e', 400) });
        }

        await kept.FlushAsync(Cancellation);
        kept.MaxBytes = 1 << 20;
        kept.Add(Full("last") with { At = Start.AddDays(1) });
        await kept.FlushAsync(Cancellation);
        await PrunedAsync(kept, "last");
        await kept.DisposeAsync();

        Assert.InRange(new FileInfo(Path.Combine(folder.Directory, "large.db")).Length, 1, (1 << 20) + (64 << 10));
        using var reader = new LedgerReader(Path.Combine(folder.Directory, "large.db"));
        var rows = (await reader.ReadAsync(new LedgerQuery { Limit = 10_000 }, Cancellation)).Entries;
        Assert.InRange(rows.Count, 500, 2500);
        Assert.Equal("last", rows[0].Id);
        Assert.Equal(Enumerable.Range(6001 - rows.Count, rows.Count - 1).Reverse().Select(static i => $"{i:D5}"), rows.Skip(1).Select(static row => row.Id), StringComparer.Ordinal);
        Assert.Equal(rows.Count, (await reader.SumAsync(new LedgerQuery(), LedgerGrouping.Total, Cancellation))[0].Requests);
    }

    [Fact]
    public async Task People_can_read_it_with_the_programs_they_know()
    {
        await AddAsync(Full("one"));
        using var other = folder.Connect();
        using var command = other.CreateCommand();
        command.CommandText = "SELECT at || ' ' || model || ' ' || key || ' ' || dollars FROM ledger";
        Assert.Equal("2026-11-01T22:30:00.000Z claude-opus-5-5 phone 1.5e-07", command.ExecuteScalar());
    }

    // While no time passes, the writer removes all that it has to before it takes the next row, and this one it has already.
    private static async Task PrunedAsync(SqliteLedger ledger, string id)
    {
        ledger.Add(Full(id));
        await ledger.FlushAsync(Cancellation);
    }
}
