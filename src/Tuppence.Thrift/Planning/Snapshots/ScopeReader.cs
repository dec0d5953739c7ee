using Tuppence.Thrift.Planning.Lineages;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Planning.Snapshots;

/// <summary>Reads what <see cref="ScopeWriter"/> wrote. Conversations get new numbers, which nobody else has.</summary>
/// <exception cref="FormatException">A number points outside of what was read.</exception>
internal sealed class ScopeReader(BinaryReader reader, LineageNumbers numbers)
{
    /// <summary>Most things of a kind that are believed; a corrupt count must not take all memory.</summary>
    private const int Most = 1 << 22;

    private Lineage[] lineages = [];
    private Visit[] visits = [];

    /// <summary>Reads into an empty memory.</summary>
    public void Read(ScopeMemory memory)
    {
        memory.Serial = reader.ReadInt64();
        (memory.Gaps.All, memory.Gaps.Within5m, memory.Gaps.Within1h) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        Read(memory.Guard.Scope);
        (memory.Losses.Reads, memory.Losses.Lost) = (reader.ReadDouble(), reader.ReadDouble());
        for (var left = Count(); left > 0; left--)
        {
            memory.Scales.Restore(ReadHash(), new TokenScale { Sums = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble()) });
        }

        lineages = ReadAll(ReadLineage);
        visits = ReadAll(ReadVisit);
        memory.Pool.AddRange(ReadList());
        foreach (var lineage in lineages)
        {
            var (turns, lastAt) = (lineage.Turns, lineage.LastAt);
            foreach (var visit in ReadList())
            {
                lineage.Add(visit);
            }

            (lineage.Turns, lineage.LastAt) = (turns, lastAt);
        }

        ReadNodes(memory.Tree);
        for (var left = Count(); left > 0; left--)
        {
            memory.Index.Restore(ReadHash(), lineages[Number(lineages.Length)]);
        }
    }

    private static T Checked<T>(T value, bool isSound) => isSound ? value : throw new FormatException("The snapshot of the cache planner is damaged.");

    private T[] ReadAll<T>(Func<T> read)
    {
        var all = new List<T>();
        for (var left = Count(); left > 0; left--)
        {
            all.Add(read());
        }

        return [.. all];
    }

    private Lineage ReadLineage()
    {
        var lineage = new Lineage(numbers.Take(), new GapShares(Share(), Share())) { Turns = reader.ReadInt64(), LastAt = reader.ReadInt64() };
        Read(lineage.Balance);
        return lineage;
    }

    private Visit ReadVisit()
    {
        var visit = new Visit
        {
            Lineage = lineages[Number(lineages.Length)],
            At = reader.ReadInt64(),
            Blocks = Count(),
            FirstMessage = Count(),
            Shape = reader.ReadUInt64(),
            Run = Count(),
            Seen = Count(),
            Number = reader.ReadInt64(),
        };
        for (var left = Number(Visit.MostSteps + 1); left > 0; left--)
        {
            var depth = Count();
            visit.Add(new VisitStep(
                Checked(depth, depth > 0 && depth <= visit.Blocks), ReadHash(), reader.ReadBoolean(), reader.ReadInt64(), reader.ReadInt32(), Math.Max(1, reader.ReadInt32())));
        }

        return visit;
    }

    private IEnumerable<Visit> ReadList()
    {
        for (var left = Count(); left > 0; left--)
        {
            yield return visits[Number(visits.Length)];
        }
    }

    private void ReadNodes(PrefixTree tree)
    {
        var count = Count();
        var indices = new List<int>();
        for (var i = 0; i < count; i++)
        {
            var prefix = ReadHash();
            var parent = reader.ReadInt32();
            Checked(parent, parent >= -1 && parent < i && tree.Find(prefix) < 0);
            var index = tree.Add(prefix, parent < 0 ? -1 : indices[parent], Count());
            indices.Add(index);
            ref var node = ref tree[index];
            node.Visitor = visits[Number(visits.Length)];
            node.Visits = Count();
            node.VisitedAt = reader.ReadInt64();
            node.Ttl = reader.ReadByte() == (byte)Ttl.OneHour ? Ttl.OneHour : Ttl.FiveMinutes;
            node.Serial = reader.ReadInt64();
            node.Below = reader.ReadInt64();
            node.Expiry = reader.ReadInt64();
            node.ReadableFrom = reader.ReadInt64();
        }
    }

    private void Read(Balance balance) => (balance.Saved, balance.Uncached, balance.IsWary) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadBoolean());

    private UInt128 ReadHash()
    {
        var low = reader.ReadUInt64();
        return new UInt128(reader.ReadUInt64(), low);
    }

    private double Share()
    {
        var share = reader.ReadDouble();
        return Checked(share, share is >= 0 and <= 1);
    }

    private int Count() => Number(Most);

    private int Number(int below)
    {
        var number = reader.Read7BitEncodedInt();
        return Checked(number, number >= 0 && number < below);
    }
}
