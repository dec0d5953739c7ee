using Tuppence.Messages.Edits;
using Tuppence.Thrift.Rewriting.Histories;

namespace Tuppence.Thrift.Rewriting;

/// <content>Clocks that are held to a step.</content>
internal sealed partial class RewriteWork
{
    private void HoldClocks(ChatMemory chat, DateTimeOffset at)
    {
        if (options.ClockStep is not { } step)
        {
            return;
        }

        var count = 0;
        for (var i = 0; i < tail.Count; i++)
        {
            if (chat.Clocks.Hold(tail[i].Text, at, step) is { } held)
            {
                tail[i] = tail[i] with { Text = held };
                count++;
            }
        }

        if (count > 0)
        {
            edits.Add(new AppliedEdit("cache-clock", $"held {count} {(count == 1 ? "clock" : "clocks")} to steps of {(int)step.TotalMinutes} minutes"));
        }
    }
}
