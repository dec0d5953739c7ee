using Microsoft.Extensions.Time.Testing;
using Tuppence.Thrift.SingleFlight;

namespace Tuppence.Tests.Unit.Thrift.SingleFlight;

public sealed class SingleFlightGateTests
{
    private static readonly FlightTicket Ticket = new() { Scope = "here", Writes = [7], Saving = 1_000_000_000 };

    private readonly FakeTimeProvider time = new();
    private readonly SingleFlightGate gate;

    public SingleFlightGateTests() => gate = new SingleFlightGate(new SingleFlightOptions(), time);

    [Fact]
    public async Task The_first_goes_at_once_and_the_others_when_its_answer_begins()
    {
        using var first = await Enter(Ticket);
        var (second, third) = (Enter(Ticket).AsTask(), Enter(Ticket).AsTask());
        Assert.True(first.Leads);
        Assert.False(second.IsCompleted || third.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(2));
        first.Began();
        using var after = await second;
        using var last = await third;
        Assert.False(after.Leads || last.Leads);
        Assert.Equal(TimeSpan.FromSeconds(2), after.Waited);
        Assert.Equal(0, gate.Count);
    }

    [Fact]
    public async Task Another_prefix_or_another_account_never_waits()
    {
        using var first = await Enter(Ticket);
        using var other = await Enter(Ticket with { Writes = [8] });
        using var elsewhere = await Enter(Ticket with { Scope = "there" });
        Assert.True(other.Leads && elsewhere.Leads);
    }

    [Fact]
    public async Task What_saves_little_holds_nobody_up()
    {
        using var cheap = await Enter(Ticket with { Saving = 1_999_999 });
        using var second = await Enter(Ticket);
        Assert.False(cheap.Leads);
        Assert.Equal(TimeSpan.Zero, second.Waited);
    }

    [Fact]
    public async Task Where_the_first_fails_one_of_the_waiting_goes_in_its_place()
    {
        var first = await Enter(Ticket);
        var waiting = new List<Task<Flight>> { Enter(Ticket).AsTask(), Enter(Ticket).AsTask() };
        first.Dispose();
        var next = await Task.WhenAny(waiting);
        var leader = await next;
        waiting.Remove(next);
        Assert.True(leader.Leads);
        Assert.False(waiting.Single().IsCompleted);
        leader.Began();
        (await waiting.Single()).Dispose();
        Assert.Equal(0, gate.Count);
    }

    [Fact]
    public async Task Nobody_waits_longer_than_the_bound()
    {
        using var first = await Enter(Ticket);
        var second = Enter(Ticket).AsTask();
        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        using var late = await second;
        Assert.False(late.Leads);
        Assert.Equal(TimeSpan.FromSeconds(10), late.Waited);
    }

    [Fact]
    public async Task Who_gives_up_waiting_holds_up_nobody()
    {
        using var first = await Enter(Ticket);
        using var leaving = new CancellationTokenSource();
        var second = gate.EnterAsync(Ticket, leaving.Token).AsTask();
        var third = Enter(Ticket).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        first.Began();
        using var flight = await third;
        Assert.False(flight.Leads);
    }

    [Fact]
    public async Task Beginning_twice_and_ending_late_do_no_harm_to_the_next()
    {
        var first = await Enter(Ticket);
        first.Began();
        first.Began();
        using var second = await Enter(Ticket);
        Assert.True(second.Leads);
        first.Dispose();
        Assert.Equal(1, gate.Count);
    }

    [Fact]
    public async Task Who_reads_what_is_being_written_waits_though_it_writes_nothing_itself()
    {
        using var first = await Enter(Ticket with { Writes = [5, 7] });
        var reader = Enter(new FlightTicket { Scope = "here", Reads = 5 }).AsTask();
        Assert.False(reader.IsCompleted);
        first.Began();
        using var flight = await reader;
        Assert.False(flight.Leads);
        using var late = await Enter(new FlightTicket { Scope = "here", Reads = 5 });
        Assert.Equal(TimeSpan.Zero, late.Waited);
    }

    [Fact]
    public async Task Of_those_who_read_what_was_never_written_one_writes_it()
    {
        var first = await Enter(Ticket);
        var waiting = new List<Task<Flight>> { Enter(Reader).AsTask(), Enter(Reader).AsTask() };
        first.Dispose();
        var next = await Task.WhenAny(waiting);
        using var leader = await next;
        waiting.Remove(next);
        Assert.True(leader.Leads);
        Assert.False(waiting.Single().IsCompleted);
        leader.Began();
        (await waiting.Single()).Dispose();
        Assert.Equal(0, gate.Count);
    }

    private static FlightTicket Reader => new() { Scope = "here", Reads = 7 };

    private ValueTask<Flight> Enter(FlightTicket ticket) => gate.EnterAsync(ticket, TestContext.Current.CancellationToken);
}
