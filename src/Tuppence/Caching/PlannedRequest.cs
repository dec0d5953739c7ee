using Tuppence.Messages.Usage;
using Tuppence.Thrift.Accounts;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.SingleFlight;

namespace Tuppence.Caching;

/// <summary>A planned request on its way: what was planned, and the usage as its answer tells it. Finished once, whatever becomes of it.</summary>
internal sealed class PlannedRequest(PromptCache cache, PlannedTurn turn, string model, FlightTicket? ticket)
{
    private int finished;
    private bool isServed;
    private Flight? flight;

    /// <summary>What was planned.</summary>
    public PlannedTurn Turn => turn;

    /// <summary>The model that the request names, or empty.</summary>
    public string Model => model;

    /// <summary>What would keep its cache alive, or null.</summary>
    public Ping? Ping { get; set; }

    /// <summary>What is to be recorded of it, or null.</summary>
    public RecordedBody? Recorded { get; init; }

    /// <summary>The conversation's name in the ledger, or null where nobody asks.</summary>
    public string? Name { get; set; }

    /// <summary>Where lines about the request go, or null: where all of the planner's go.</summary>
    public ILogger? Log { get; set; }

    /// <summary>Why it cost what it did, once it is finished and where that is kept.</summary>
    public TurnAccount? Account { get; set; }

    /// <summary>Reads the answer's usage; null until an answer begins that tells one.</summary>
    public UsageReader? Usage { get; set; }

    /// <summary>True once the upstream has begun to serve the request, in whatever form.</summary>
    public bool IsServed
    {
        get => isServed;
        set
        {
            isServed = value;
            if (value)
            {
                flight?.Began();
            }
        }
    }

    /// <summary>Waits while another request writes what this one could read, where that pays. Gives how long it waited.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public async ValueTask<TimeSpan> TakeTurnAsync(CancellationToken cancellation)
    {
        if (flight is not null || ticket is not { } worth)
        {
            return TimeSpan.Zero;
        }

        flight = await cache.Flights.EnterAsync(worth, cancellation);
        return flight.Waited;
    }

    /// <summary>Tells the planner what the request cost, or that nothing came of it.</summary>
    public void Finish()
    {
        if (Interlocked.Exchange(ref finished, 1) == 0)
        {
            flight?.Dispose();
            cache.Finish(this);
        }
    }
}
