using Tuppence.Messages.Edits;

namespace Tuppence.Thrift.Rewriting;

/// <summary>A request that was rewritten.</summary>
/// <param name="Body">The whole body.</param>
/// <param name="Edits">What was done, for <c>x-tuppence-edits</c>; of the request's text none.</param>
public sealed record Rewritten(ReadOnlyMemory<byte> Body, IReadOnlyList<AppliedEdit> Edits)
{
    /// <summary>What was done, step by step, with excerpts of the text: for the user's own eyes, never for a log or a header.</summary>
    public IReadOnlyList<RewriteStep> Steps { get; init; } = [];
}
