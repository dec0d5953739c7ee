using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Baselines;

/// <summary>SillyTavern's own caching: the end of the system prompt and of the tools, and two messages at a depth counted in changes of role.</summary>
/// <remarks>Source: https://github.com/SillyTavern/SillyTavern/pull/3085 and release 1.19.0, <c>cachingAtDepthForClaude</c>.</remarks>
/// <param name="system">Its setting <c>enableSystemPromptCache</c>.</param>
/// <param name="depth">Its setting <c>cachingAtDepth</c>; -1: no message.</param>
/// <param name="ttl">Its setting <c>extendedTTL</c>.</param>
public sealed class SillyTavern(bool system, int depth, Ttl ttl) : IBaseline
{
    /// <inheritdoc/>
    public void Place(Prompt prompt, DateTimeOffset at, Placement placement)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(placement);
        if (system)
        {
            placement.Mark(Landmarks.LastOf(prompt, PromptSection.Tools), ttl);
            placement.Mark(Landmarks.LastOf(prompt, PromptSection.System), ttl);
        }

        if (depth >= 0)
        {
            MarkAtDepth(prompt, placement);
        }
    }

    private void MarkAtDepth(Prompt prompt, Placement placement)
    {
        var blocks = prompt.Blocks;
        var last = blocks.Length - 1;
        while (last >= 0 && blocks[last] is { Message: >= 0, Role: MessageRole.Assistant })
        {
            last--;
        }

        var changes = 0;
        MessageRole? later = null;
        for (; last >= 0 && blocks[last].Message >= 0 && changes <= depth + 2; last = Landmarks.BeforeMessage(prompt, last))
        {
            if (blocks[last].Role == later)
            {
                continue;
            }

            if (changes == depth || changes == depth + 2)
            {
                placement.Mark(Landmarks.LastOf(prompt, blocks[last].Message), ttl);
            }

            later = blocks[last].Role;
            changes++;
        }
    }
}
