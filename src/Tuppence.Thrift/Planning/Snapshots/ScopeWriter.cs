using Tuppence.Thrift.Planning.Lineages;

namespace Tuppence.Thrift.Planning.Snapshots;

/// <summary>Writes what a scope has learned: numbers and hashes, no text.</summary>
internal sealed class ScopeWriter(BinaryWriter writer)
{
    private readonly Dictionary<Lineage, int> lineages = [];
    private readonly Dictionary<Visit, int> visits = [];
    private readonly List<Visit> inOrder = [];

    /// <summary>Writes.</summary>
    public void Write(ScopeMemory memory)
    {
        Gather(memory);
        writer.Write(memory.Serial);
        Write(memory.Gaps);
        Write(memory.Guard.Scope);
        writer.Write(memory.Losses.Reads);
        writer.Write(memory.Losses.Lost);
        Write7(memory.Scales.All.Count);
        foreach (var (model, scale) in memory.Scales.All)
        {
            Write(model);
            var sums = scale.Sums;
            writer.Write(sums.Squares);
            writer.Write(sums.Mixed);
            writer.Write(sums.Blocks);
            writer.Write(sums.Excess);
            writer.Write(sums.BlockExcess);
        }

        Write7(lineages.Count);
        foreach (var lineage in lineages.Keys)
        {
            Write(lineage);
        }

        Write7(inOrder.Count);
        foreach (var visit in inOrder)
        {
            Write(visit);
        }

        WriteList(memory.Pool);
        foreach (var lineage in lineages.Keys)
        {
            WriteList(lineage.Visits);
        }

        WriteNodes(memory.Tree);
        WriteIndex(memory.Index);
    }

    private void Gather(ScopeMemory memory)
    {
        foreach (var index in memory.Tree.Indices())
        {
            Gather(memory.Tree[index].Visitor!);
        }

        foreach (var visit in memory.Pool)
        {
            Gather(visit);
        }

        foreach (var lineage in lineages.Keys.ToArray())
        {
            foreach (var visit in lineage.Visits)
            {
                Gather(visit);
            }
        }
    }

    private void Gather(Visit visit)
    {
        lineages.TryAdd(visit.Lineage, lineages.Count);
        if (visits.TryAdd(visit, visits.Count))
        {
            inOrder.Add(visit);
        }
    }

    private void Write(Lineage lineage)
    {
        writer.Write(lineage.Habit.Within5m);
        writer.Write(lineage.Habit.Within1h);
        writer.Write(lineage.Turns);
        writer.Write(lineage.LastAt);
        Write(lineage.Balance);
    }

    private void Write(Visit visit)
    {
        Write7(lineages[visit.Lineage]);
        writer.Write(visit.At);
        Write7(visit.Blocks);
        Write7(visit.FirstMessage);
        writer.Write(visit.Shape);
        Write7(visit.Run);
        Write7(visit.Seen);
        writer.Write(visit.Number);
        Write7(visit.StepCount);
        for (var i = 0; i < visit.StepCount; i++)
        {
            var (depth, last, fromEnd, gap, growth, rank) = visit.Step(i);
            Write7(depth);
            Write(last);
            writer.Write(fromEnd);
            writer.Write(gap);
            writer.Write(growth);
            writer.Write(rank);
        }
    }

    private void WriteList(IReadOnlyList<Visit> list)
    {
        Write7(list.Count);
        foreach (var visit in list)
        {
            Write7(visits[visit]);
        }
    }

    /// <summary>Nodes, each after its parent.</summary>
    private void WriteNodes(PrefixTree tree)
    {
        var numbers = new Dictionary<int, int>();
        var path = new Stack<int>();
        Write7(tree.Count);
        foreach (var index in tree.Indices())
        {
            for (var at = index; at >= 0 && !numbers.ContainsKey(at); at = tree[at].Parent)
            {
                path.Push(at);
            }

            while (path.TryPop(out var at))
            {
                ref var node = ref tree[at];
                numbers.Add(at, numbers.Count);
                Write(node.Prefix);
                writer.Write(node.Parent < 0 ? -1 : numbers[node.Parent]);
                Write7(node.EndTokens);
                Write7(visits[node.Visitor!]);
                Write7(node.Visits);
                writer.Write(node.VisitedAt);
                writer.Write((byte)node.Ttl);
                writer.Write(node.Serial);
                writer.Write(node.Below);
                writer.Write(node.Expiry);
                writer.Write(node.ReadableFrom);
            }
        }
    }

    private void WriteIndex(LineageIndex index)
    {
        var known = index.Entries().Where(entry => lineages.ContainsKey(entry.Value)).ToList();
        Write7(known.Count);
        foreach (var (hash, lineage) in known)
        {
            Write(hash);
            Write7(lineages[lineage]);
        }
    }

    private void Write(GapStatistics gaps)
    {
        writer.Write(gaps.All);
        writer.Write(gaps.Within5m);
        writer.Write(gaps.Within1h);
    }

    private void Write(Balance balance)
    {
        writer.Write(balance.Saved);
        writer.Write(balance.Uncached);
        writer.Write(balance.IsWary);
    }

    private void Write(UInt128 value)
    {
        writer.Write((ulong)value);
        writer.Write((ulong)(value >> 64));
    }

    private void Write7(int value) => writer.Write7BitEncodedInt(value);
}
