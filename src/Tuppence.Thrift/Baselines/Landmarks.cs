using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Baselines;

/// <summary>The places of a prompt that fixed rules speak of, as indexes of blocks; -1 where there is none.</summary>
internal static class Landmarks
{
    /// <summary>Last block of a section that may carry a breakpoint.</summary>
    public static int LastOf(Prompt prompt, PromptSection section)
    {
        for (var i = prompt.Blocks.Length - 1; i >= 0; i--)
        {
            if (prompt.Blocks[i].Section == section && prompt.Blocks[i].IsMarkable)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Last block of a message that may carry a breakpoint.</summary>
    public static int LastOf(Prompt prompt, int message)
    {
        for (var i = prompt.Blocks.Length - 1; i >= 0 && prompt.Blocks[i].Message >= message; i--)
        {
            if (prompt.Blocks[i].Message == message && prompt.Blocks[i].IsMarkable)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Marks the last messages that have a block to mark.</summary>
    /// <param name="prompt">The request.</param>
    /// <param name="placement">Takes the breakpoints.</param>
    /// <param name="count">How many messages.</param>
    /// <param name="role">Only those of this role; null: of any.</param>
    public static void MarkLast(Prompt prompt, Placement placement, int count, MessageRole? role = null)
    {
        for (var last = prompt.Blocks.Length - 1; last >= 0 && count > 0; last = BeforeMessage(prompt, last))
        {
            ref readonly var block = ref prompt.Blocks[last];
            if (block.Message >= 0 && (role is null || block.Role == role) && LastOf(prompt, block.Message) is >= 0 and var marked)
            {
                placement.Mark(marked);
                count--;
            }
        }
    }

    /// <summary>The block before the message that a block is of, or -1. What is asked of messages is answered from their blocks, so that recordings without content answer as well.</summary>
    public static int BeforeMessage(Prompt prompt, int block)
    {
        var message = prompt.Blocks[block].Message;
        while (block >= 0 && prompt.Blocks[block].Message == message)
        {
            block--;
        }

        return block;
    }
}
