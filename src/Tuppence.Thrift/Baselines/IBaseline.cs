using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Baselines;

/// <summary>How another program places breakpoints, for comparison. One object serves one conversation's requests in their order.</summary>
public interface IBaseline
{
    /// <summary>Sets the breakpoints of a request.</summary>
    /// <param name="prompt">The request.</param>
    /// <param name="at">When it starts.</param>
    /// <param name="placement">Takes them; empty when it comes.</param>
    void Place(Prompt prompt, DateTimeOffset at, Placement placement);
}
