namespace Tuppence.Emulator.Faults;

/// <summary>Faults that wait for the next requests, first in, first out. Safe for parallel use.</summary>
internal sealed class FaultQueue
{
    /// <summary>Most faults that may wait.</summary>
    public const int Limit = 1000;

    private readonly Lock gate = new();
    private readonly List<(Fault Fault, int Left)> waiting = [];

    /// <summary>Those that wait, with how often each will still strike.</summary>
    public IReadOnlyList<(Fault Fault, int Left)> Waiting
    {
        get
        {
            lock (gate)
            {
                return [.. waiting];
            }
        }
    }

    /// <summary>Appends all of them, or none where they would not fit.</summary>
    public bool TryAdd(IReadOnlyCollection<Fault> faults)
    {
        lock (gate)
        {
            if (waiting.Count + faults.Count > Limit)
            {
                return false;
            }

            waiting.AddRange(faults.Select(fault => (fault, fault.Times)));
            return true;
        }
    }

    /// <summary>The first that waits for this path, once.</summary>
    public Fault? Take(string path)
    {
        lock (gate)
        {
            var at = waiting.FindIndex(entry => entry.Fault.Path == path || entry.Fault.Path == "*");
            if (at < 0)
            {
                return null;
            }

            var (fault, left) = waiting[at];
            if (left > 1)
            {
                waiting[at] = (fault, left - 1);
            }
            else
            {
                waiting.RemoveAt(at);
            }

            return fault;
        }
    }

    /// <summary>Forgets them all.</summary>
    public void Clear()
    {
        lock (gate)
        {
            waiting.Clear();
        }
    }
}
