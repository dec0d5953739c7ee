using Tuppence.Thrift.Planning.Lineages;

namespace Tuppence.Thrift.Planning;

/// <summary>The memories of all scopes. Bounded: those least recently used go, by number and by what all remember together.</summary>
/// <remarks>Safe for parallel use. A client with ever new credentials has ever new scopes; they must not take all memory.</remarks>
internal sealed class ScopeShelf(int mostScopes, int mostNodes, LineageNumbers numbers)
{
    private readonly Dictionary<string, LinkedListNode<(string Name, ScopePlanner Scope)>> scopes = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Name, ScopePlanner Scope)> byUse = new();
    private readonly Lock gate = new();

    /// <summary>All of them, the one used last first.</summary>
    public IReadOnlyList<KeyValuePair<string, ScopePlanner>> All
    {
        get
        {
            lock (gate)
            {
                return [.. byUse.Select(static one => KeyValuePair.Create(one.Name, one.Scope))];
            }
        }
    }

    /// <summary>The memory of a scope, or null where nothing is remembered of it.</summary>
    public ScopePlanner? Find(string name)
    {
        lock (gate)
        {
            return scopes.TryGetValue(name, out var place) ? place.Value.Scope : null;
        }
    }

    /// <summary>The memory of a scope, as the one used last; an empty one where there is none.</summary>
    public ScopePlanner Use(string name)
    {
        lock (gate)
        {
            if (scopes.TryGetValue(name, out var place))
            {
                if (byUse.First != place)
                {
                    byUse.Remove(place);
                    byUse.AddFirst(place);
                }
            }
            else
            {
                scopes[name] = place = byUse.AddFirst((name, new ScopePlanner(numbers)));
            }

            MakeRoom();
            return place.Value.Scope;
        }
    }

    /// <summary>Takes up a memory as the one used longest ago, where there is room and none of its name.</summary>
    public void Restore(string name, ScopePlanner scope)
    {
        lock (gate)
        {
            if (scopes.Count < mostScopes && !scopes.ContainsKey(name))
            {
                scopes[name] = byUse.AddLast((name, scope));
            }
        }
    }

    private void MakeRoom()
    {
        // Counted anew each time: memories grow without telling. The one in use bounds itself.
        var (kept, nodes) = (0, 0L);
        for (var place = byUse.First; place is not null;)
        {
            var next = place.Next;
            kept++;
            nodes += place.Value.Scope.Nodes;
            if (kept > 1 && (kept > mostScopes || nodes > mostNodes))
            {
                byUse.Remove(place);
                scopes.Remove(place.Value.Name);
                nodes -= place.Value.Scope.Nodes;
                kept--;
            }

            place = next;
        }
    }
}
