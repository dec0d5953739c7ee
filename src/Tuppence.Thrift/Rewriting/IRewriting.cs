using Tuppence.Thrift.Planning;

namespace Tuppence.Thrift.Rewriting;

/// <summary>Rewrites requests at the levels that allow more than breakpoints. Deterministic, and stable over a conversation.</summary>
public interface IRewriting
{
    /// <summary>Rewrites a request, or answers null where it stays as it is.</summary>
    /// <param name="body">The body of a Messages request, UTF-8; valid during the call.</param>
    /// <param name="context">Level, model and time.</param>
    Rewritten? Rewrite(ReadOnlyMemory<byte> body, in PlanContext context);
}
