using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Baselines;

/// <summary>Chowki's rule: tools and system prompt are marked only where the same ones were sent in the last five minutes.</summary>
/// <remarks>Source: its description of September 2026; messages are never marked.</remarks>
internal sealed class SecondSight : IBaseline
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private readonly Dictionary<UInt128, DateTimeOffset> seen = [];

    /// <inheritdoc/>
    public void Place(Prompt prompt, DateTimeOffset at, Placement placement)
    {
        foreach (var section in (ReadOnlySpan<PromptSection>)[PromptSection.Tools, PromptSection.System])
        {
            var end = Landmarks.LastOf(prompt, section);
            if (end < 0)
            {
                continue;
            }

            var prefix = prompt.Blocks[end].Prefix;
            if (seen.TryGetValue(prefix, out var last) && at - last <= Memory)
            {
                placement.Mark(end);
            }

            seen[prefix] = at;
        }
    }
}
