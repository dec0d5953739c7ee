using Tuppence.Messages.Usage;
using Tuppence.Thrift.Planning;

namespace Tuppence.Caching;

/// <summary>A planned request on its way: what was planned, and the usage as its answer tells it. Finished once, whatever becomes of it.</summary>
internal sealed class PlannedRequest(PromptCache cache, PlannedTurn turn, string model)
{
    private int finished;

    /// <summary>What was planned.</summary>
    public PlannedTurn Turn => turn;

    /// <summary>The model that the request names, or empty.</summary>
    public string Model => model;

    /// <summary>Reads the answer's usage; null until an answer begins that tells one.</summary>
    public UsageReader? Usage { get; set; }

    /// <summary>True once the upstream has served the request, in whatever form.</summary>
    public bool IsServed { get; set; }

    /// <summary>Tells the planner what the request cost, or that nothing came of it.</summary>
    public void Finish()
    {
        if (Interlocked.Exchange(ref finished, 1) == 0)
        {
            cache.Finish(this);
        }
    }
}
