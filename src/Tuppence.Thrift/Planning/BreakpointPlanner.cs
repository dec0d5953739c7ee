using Tuppence.Thrift.Planning.Lineages;
using Tuppence.Thrift.Planning.Snapshots;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Planning;

/// <summary>Decides where the breakpoints of a request go: for each scope by its own memory.</summary>
/// <remarks>Safe for parallel use: requests of one scope wait for each other, which takes microseconds.</remarks>
public sealed class BreakpointPlanner
{
    /// <summary>Most scopes that are remembered; the least recently used go first.</summary>
    public const int MostScopes = 1024;

    private readonly LineageNumbers numbers = new();
    private readonly ScopeShelf scopes;

    /// <summary>With nothing learned.</summary>
    public BreakpointPlanner() => scopes = new ScopeShelf(MostScopes, ScopePlanner.MostNodes, numbers);

    /// <summary>Decides. Of a rehearsal nothing is remembered.</summary>
    public PlannedTurn Plan(Prompt prompt, in PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var scope = context.IsRehearsal ? scopes.Find(context.Scope) ?? new ScopePlanner(numbers) : scopes.Use(context.Scope);
        return scope.Plan(prompt, context);
    }

    /// <summary>Takes what the provider billed, once for a planned turn.</summary>
    public void Settle(PlannedTurn turn, in CacheBill reported)
    {
        ArgumentNullException.ThrowIfNull(turn);
        scopes.Find(turn.Context.Scope)?.Settle(turn, reported);
    }

    /// <summary>Takes what the provider billed for a repetition of a settled turn's request that asked for no output: what it read lives on.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="reported">The bill of the repetition.</param>
    /// <param name="at">When it started.</param>
    public void Refresh(PlannedTurn turn, in CacheBill reported, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(turn);
        scopes.Find(turn.Context.Scope)?.Refresh(turn, reported, at);
    }

    /// <summary>Forgets a turn that was not sent or not answered.</summary>
    public void Abandon(PlannedTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        scopes.Find(turn.Context.Scope)?.Abandon(turn);
    }

    /// <summary>All that was learned, as bytes: numbers and hashes, no text. For a store, so that a restart forgets nothing.</summary>
    /// <param name="keeps">Which scopes are saved, by their names; null: all.</param>
    public byte[] Save(Predicate<string>? keeps = null) => Snapshot.Write(scopes.All.Where(scope => keeps?.Invoke(scope.Key) ?? true));

    /// <summary>Takes up what was saved, for scopes that have not been planned for yet. False, and nothing changed, where the bytes are damaged or of another version.</summary>
    public bool TryLoad(ReadOnlySpan<byte> bytes)
    {
        if (Snapshot.Read(bytes, numbers) is not { } saved)
        {
            return false;
        }

        foreach (var (name, scope) in saved)
        {
            scopes.Restore(name, scope);
        }

        return true;
    }
}
