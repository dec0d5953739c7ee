using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Baselines;

/// <summary>A rule that looks at nothing but the request in hand.</summary>
/// <param name="place">Sets the breakpoints.</param>
internal sealed class FixedPlacement(Action<Prompt, Placement> place) : IBaseline
{
    /// <inheritdoc/>
    public void Place(Prompt prompt, DateTimeOffset at, Placement placement) => place(prompt, placement);
}
