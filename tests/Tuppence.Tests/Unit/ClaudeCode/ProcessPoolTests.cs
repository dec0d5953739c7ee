using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.ClaudeCode.Processes;
using static Tuppence.Tests.Scenes.StandInProgram;

namespace Tuppence.Tests.Unit.ClaudeCode;

public sealed class ProcessPoolTests
{
    /// <summary>Tells its number when it starts, and waits.</summary>
    private const string Waits = "echo $$ >&9; while read -r line; do :; done";

    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task Two_answers_run_at_once_and_the_third_waits_its_turn()
    {
        using var program = new StandInProgram(Waits);
        await using var pool = Pool(program, keepsSpare: false);
        var first = await RentAsync(pool);
        var second = await RentAsync(pool);

        var third = pool.RentAsync(CancellationToken.None).AsTask();
        Assert.False(third.IsCompleted);
        await first.DisposeAsync();

        Assert.NotNull((await Soon(third)).Process);
        Assert.Equal(3, new[] { await program.NextAsync(), await program.NextAsync(), await program.NextAsync() }.Distinct(StringComparer.Ordinal).Count());
        await second.DisposeAsync();
    }

    [Fact]
    public async Task Who_finds_the_queue_full_is_told_that_it_is_busy()
    {
        using var program = new StandInProgram(Waits);
        await using var pool = Pool(program, keepsSpare: false, concurrency: 1, queue: 1);
        await using var first = await RentAsync(pool);
        var waiting = pool.RentAsync(CancellationToken.None).AsTask();

        var lease = await pool.RentAsync(CancellationToken.None);

        Assert.Equal((null, ProcessProblem.Busy), (lease.Process, lease.Problem));
        Assert.Equal("Claude Code is answering 1 requests, and 1 more wait. Try again when one of them has its answer.", lease.Words);
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task Who_leaves_the_queue_makes_room_in_it()
    {
        using var program = new StandInProgram(Waits);
        await using var pool = Pool(program, keepsSpare: false, concurrency: 1, queue: 1);
        var first = await RentAsync(pool);
        using var leaving = new CancellationTokenSource();
        var left = pool.RentAsync(leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(left));

        var next = pool.RentAsync(CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted);
        await first.DisposeAsync();

        Assert.NotNull((await Soon(next)).Process);
    }

    [Fact]
    public async Task Who_came_first_goes_first()
    {
        using var program = new StandInProgram(Waits);
        await using var pool = Pool(program, keepsSpare: false, concurrency: 1);
        var running = await RentAsync(pool);
        var queue = Enumerable.Range(0, 3).Select(_ => pool.RentAsync(CancellationToken.None).AsTask()).ToList();

        foreach (var next in queue)
        {
            await running.DisposeAsync();
            running = (await Soon(next)).Process!;
            Assert.Equal(queue.IndexOf(next) + 1, queue.Count(static turn => turn.IsCompleted));
        }
    }

    [Fact]
    public async Task A_place_is_free_only_once_its_process_is_gone()
    {
        using var program = new StandInProgram(Waits);
        await using var pool = Pool(program, keepsSpare: false);
        var process = await RentAsync(pool);
        Assert.NotNull(await program.NextAsync());

        await process.DisposeAsync();

        Assert.True(process.Ended.IsCompleted);
        Assert.Empty(await program.GoneAsync());
    }

    [Fact]
    public async Task The_spare_is_what_the_next_request_gets()
    {
        using var program = new StandInProgram(Waits);
        await using var pool = Pool(program);
        pool.Warm();
        var spare = await program.NextAsync();

        await using var process = await RentAsync(pool);
        using var running = Process.GetProcessById(int.Parse(spare!, CultureInfo.InvariantCulture));
        Assert.False(running.HasExited);
        await process.DisposeAsync();

        await Soon(running.WaitForExitAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_spare_is_started_when_nothing_is_answered_any_more_and_not_before()
    {
        using var program = new StandInProgram(Waits);
        await using var pool = Pool(program);
        pool.Warm();
        pool.Warm();
        var first = await RentAsync(pool);
        var second = await RentAsync(pool);
        Assert.False(pool.HasSpare);

        await first.DisposeAsync();
        Assert.False(pool.HasSpare);
        await second.DisposeAsync();

        Assert.True(pool.HasSpare);
        Assert.Equal(3, new[] { await program.NextAsync(), await program.NextAsync(), await program.NextAsync() }.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task No_spare_is_kept_where_none_is_wanted()
    {
        using var program = new StandInProgram(Waits);
        await using var pool = Pool(program, keepsSpare: false);
        pool.Warm();
        await (await RentAsync(pool)).DisposeAsync();

        Assert.False(pool.HasSpare);
    }

    [Fact]
    public async Task A_spare_is_replaced_after_half_an_hour()
    {
        using var program = new StandInProgram(Waits + "; echo tidied up $$ >&9");
        await using var pool = Pool(program);
        pool.Warm();
        var old = await program.NextAsync();

        time.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal("tidied up " + old, await program.NextAsync());
        Assert.NotEqual(old, await program.NextAsync(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_spare_that_ended_is_replaced()
    {
        using var program = new StandInProgram(Waits);
        await using var pool = Pool(program);
        pool.Warm();
        var old = await program.NextAsync();
        time.Advance(TimeSpan.FromMinutes(1));

        using var process = Process.GetProcessById(int.Parse(old!, CultureInfo.InvariantCulture));
        process.Kill();

        Assert.NotEqual(old, await program.NextAsync(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_spare_of_a_program_that_was_updated_is_not_used()
    {
        using var program = new StandInProgram(Waits);
        await using var pool = Pool(program);
        pool.Warm();
        var old = await program.NextAsync();

        program.Update();
        await using var process = await RentAsync(pool);

        Assert.NotEqual(old, await program.NextAsync(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_new_spare_can_be_asked_for()
    {
        using var program = new StandInProgram(Waits);
        await using var pool = Pool(program);
        pool.Warm();
        var old = await program.NextAsync();

        await Soon(pool.RenewAsync());

        Assert.NotEqual(old, await program.NextAsync(), StringComparer.Ordinal);
        Assert.True(pool.HasSpare);
    }

    [Fact]
    public async Task A_program_that_ends_as_soon_as_it_starts_is_not_started_without_end()
    {
        using var program = new StandInProgram("echo started >&9; echo 'no such library' >&2; exit 9");
        await using var pool = Pool(program);
        pool.Warm();
        for (var start = 0; start < 3; start++)
        {
            Assert.Equal("started", await program.NextAsync());
        }

        // The third end is seen a moment after it.
        ProcessLease lease;
        while ((lease = await pool.RentAsync(CancellationToken.None)).Process is { } process)
        {
            await process.DisposeAsync();
        }

        Assert.Equal(ProcessProblem.Unexpected, lease.Problem);
        Assert.Equal("The Claude Code program ends as soon as it starts, with exit code 9 and the words “no such library”. See whether “claude” works in a terminal. It is tried again after a minute.", lease.Words);
        Assert.False(pool.HasSpare);

        program.Behave(Waits);
        time.Advance(TimeSpan.FromMinutes(1));
        await using var better = await RentAsync(pool);
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_leaves_its_place()
    {
        using var program = new StandInProgram(Waits);
        await using var pool = new ProcessPool(program.Options with { ProgramPath = program.Folder + "/none", Concurrency = 1 }, time);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Equal(ProcessProblem.Missing, (await pool.RentAsync(CancellationToken.None)).Problem);
        }
    }

    [Fact]
    public async Task When_it_is_disposed_everything_ends_and_who_waits_is_told()
    {
        using var program = new StandInProgram(Waits);
        var pool = Pool(program, concurrency: 1);
        pool.Warm();
        var process = await RentAsync(pool);
        Assert.NotNull(await program.NextAsync());
        var waiting = pool.RentAsync(CancellationToken.None).AsTask();

        await Soon(pool.DisposeAsync());

        Assert.True(process.Ended.IsCompleted);
        Assert.Equal(new ProcessLease(null, ProcessProblem.Busy, "Tuppence is stopping."), await Soon(waiting));
        Assert.Equal(ProcessProblem.Busy, (await pool.RentAsync(CancellationToken.None)).Problem);
        pool.Warm();
        Assert.Empty(await program.GoneAsync());
        await process.DisposeAsync();
    }

    private static async Task<IClaudeProcess> RentAsync(ProcessPool pool)
    {
        var lease = await Soon(pool.RentAsync(CancellationToken.None).AsTask());
        Assert.Equal((ProcessProblem.None, ""), (lease.Problem, lease.Words));
        return lease.Process!;
    }

    private ProcessPool Pool(StandInProgram program, bool keepsSpare = true, int concurrency = 2, int queue = 4) =>
        new(program.Options with { KeepsSpare = keepsSpare, Concurrency = concurrency, QueueLength = queue }, time);
}
