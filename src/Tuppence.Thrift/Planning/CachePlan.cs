using Tuppence.Messages.Edits;
using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Planning;

/// <summary>A request as it is to be sent. Dispose of it once the bytes are copied.</summary>
public sealed class CachePlan : IDisposable
{
    private readonly Action<CachePlan> release;

    internal CachePlan(Action<CachePlan> release) => this.release = release;

    /// <summary>The turn, for <see cref="Planner.Settle"/>; null where nothing was planned.</summary>
    public PlannedTurn? Turn { get; internal set; }

    /// <summary>What was done, for <c>x-tuppence-edits</c>.</summary>
    public IReadOnlyList<AppliedEdit> Edits { get; internal set; } = [];

    /// <summary>Whether the body changes.</summary>
    public bool Changed { get; internal set; }

    /// <summary>The model that the request names; empty where it names none, or cannot be read.</summary>
    public string Model { get; internal set; } = "";

    /// <summary>Whether the request brings breakpoints of its own.</summary>
    public bool BringsBreakpoints => IsReadable && OwnBreakpoints.Any(Prompt.Body);

    /// <summary>Length in bytes of the body as it is to be sent.</summary>
    public int Length => Splices.OutputLength(Source.Length);

    /// <summary>What the changes are made on: the body, or what it was rewritten to.</summary>
    internal ReadOnlyMemory<byte> Source { get; set; }

    internal Prompts.Prompt Prompt { get; } = new();

    /// <summary>Whether <see cref="Prompt"/> indexes <see cref="Source"/>.</summary>
    internal bool IsReadable { get; set; }

    internal Splices Splices { get; } = new();

    /// <summary>Writes the body as it is to be sent: <see cref="Length"/> bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public void CopyTo(Span<byte> destination) => Splices.CopyTo(Source.Span, destination);

    /// <summary>Gives the index back for the next request.</summary>
    public void Dispose() => release(this);
}
