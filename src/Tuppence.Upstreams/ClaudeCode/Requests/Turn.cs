using System.Runtime.InteropServices;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>
/// One turn of the conversation: an assistant message, or all user messages up to the next one. The API takes user messages that follow one
/// another as one turn; the program would put a line feed of its own behind the first.
/// </summary>
/// <param name="First">Index of its first message.</param>
/// <param name="Count">Number of its messages.</param>
/// <param name="IsAssistant">Whether the assistant speaks.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Turn(int First, int Count, bool IsAssistant)
{
    /// <summary>The turns of a conversation. A system message amid it counts as the user's.</summary>
    public static Turn[] Of(MessageBody body)
    {
        var turns = new List<Turn>(body.Messages.Length);
        var messages = body.Messages;
        for (var i = 0; i < messages.Length; i++)
        {
            var isAssistant = messages[i].Role == MessageRole.Assistant;
            if (!isAssistant && turns.Count > 0 && !turns[^1].IsAssistant)
            {
                turns[^1] = turns[^1] with { Count = turns[^1].Count + 1 };
            }
            else
            {
                turns.Add(new Turn(i, 1, isAssistant));
            }
        }

        return [.. turns];
    }
}
