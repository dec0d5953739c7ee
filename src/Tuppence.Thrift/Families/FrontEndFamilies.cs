using System.Globalization;
using Tuppence.Thrift.Traces;

namespace Tuppence.Thrift.Families;

/// <summary>What front ends do to a prompt from turn to turn.</summary>
internal static class FrontEndFamilies
{
    private const int Turns = 60;

    /// <summary>Nothing but growth.</summary>
    public static IReadOnlyList<TraceRequest> AppendOnly(ChatStage stage) => Play(stage, null);

    /// <summary>The same instructions at the end of every request.</summary>
    public static IReadOnlyList<TraceRequest> StaticTail(ChatStage stage)
    {
        var instructions = stage.Prose.Of(60);
        return Play(stage, body => body.InsertAtDepth(0, instructions));
    }

    /// <summary>Every eighth turn or so one of the last twenty messages is edited.</summary>
    public static IReadOnlyList<TraceRequest> Edits(ChatStage stage) => Play(stage, null, afterTurn: () =>
    {
        if (stage.Dice.Chance(0.12))
        {
            var messages = stage.Body.Messages;
            var place = messages.Count - 1 - stage.Dice.Between(0, Math.Min(19, messages.Count - 1));
            messages[place] = new ChatMessage(messages[place].IsUser, stage.Prose.Of(messages[place].IsUser ? 50 : 200));
        }
    });

    /// <summary>A note four messages before the end, now and then a new one.</summary>
    public static IReadOnlyList<TraceRequest> NoteAtDepth(ChatStage stage)
    {
        var note = stage.Prose.Of(35);
        return Play(stage, body => body.InsertAtDepth(4, note), afterTurn: () => note = stage.Dice.Chance(0.1) ? stage.Prose.Of(35) : note);
    }

    /// <summary>Lore before the card, all active entries in one block; every seventh turn or so one comes or goes.</summary>
    public static IReadOnlyList<TraceRequest> LoreAtTop(ChatStage stage)
    {
        var (entries, active) = Lore(stage);
        return Play(
            stage,
            body => body.System.Insert(1, string.Join('\n', entries.Where((_, i) => active[i]))),
            afterTurn: () =>
            {
                if (stage.Dice.Chance(0.15))
                {
                    var entry = stage.Dice.Between(0, active.Length - 1);
                    active[entry] = !active[entry];
                }
            });
    }

    /// <summary>The time to the minute near the top of the card.</summary>
    public static IReadOnlyList<TraceRequest> Clock(ChatStage stage) => Play(stage, body =>
        body.System[2] = $"It is {DateTimeOffset.UnixEpoch.AddSeconds(stage.Now).ToString("HH:mm", CultureInfo.InvariantCulture)} now. {body.System[2]}");

    /// <summary>A word of chance near the top of the card.</summary>
    public static IReadOnlyList<TraceRequest> RandomMacro(ChatStage stage) => Play(stage, body =>
        body.System[2] = $"Today the mood is {stage.Dice.Of((string[])["bright", "gloomy", "tense", "tender", "wry", "restless"])}, and the die shows {stage.Dice.Between(1, 20)}. {body.System[2]}");

    /// <summary>Lore as blocks of their own, in another order every fifth turn or so.</summary>
    public static IReadOnlyList<TraceRequest> ReorderedLore(ChatStage stage)
    {
        var (entries, _) = Lore(stage);
        return Play(stage, body => body.System.InsertRange(3, entries), afterTurn: () =>
        {
            if (stage.Dice.Chance(0.2))
            {
                var (a, b) = (stage.Dice.Between(0, entries.Length - 1), stage.Dice.Between(0, entries.Length - 1));
                (entries[a], entries[b]) = (entries[b], entries[a]);
            }
        });
    }

    /// <summary>A picture comes with some turns; the front end sends only those of the last few messages.</summary>
    public static IReadOnlyList<TraceRequest> Pictures(ChatStage stage)
    {
        var shown = new Dictionary<int, int>();
        return Play(stage, body =>
        {
            var last = body.Messages.Count - 1;
            if (body.Messages[last].IsUser && stage.Dice.Chance(0.08))
            {
                shown[last] = shown.Count;
            }

            foreach (var (message, number) in shown.Where(pair => pair.Key > last - 6))
            {
                body.Messages[message] = body.Messages[message].With(ChatBlock.Image(number));
            }
        });
    }

    /// <summary>The user changes effort, thinking or model and goes on.</summary>
    public static IReadOnlyList<TraceRequest> Switches(ChatStage stage) => Play(stage, null, afterTurn: () =>
    {
        switch (stage.Dice.Between(0, 29))
        {
            case 0:
                stage.Body.Settings = $"\"output_config\":{{\"effort\":\"{stage.Dice.Of((string[])["low", "medium", "max"])}\"}},";
                break;
            case 1:
                stage.Body.Settings = stage.Body.Settings.Length > 0 ? "" : "\"thinking\":{\"type\":\"adaptive\"},";
                break;
            case 2:
                stage.Body.Model = stage.Body.Model == "claude-sonnet-5" ? "claude-opus-5" : "claude-sonnet-5";
                break;
        }
    });

    private static (string[] Entries, bool[] Active) Lore(ChatStage stage)
    {
        var entries = new string[10];
        var active = new bool[10];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = stage.Prose.Of(70);
            active[i] = i < 4;
        }

        return (entries, active);
    }

    /// <summary>Plays a chat.</summary>
    /// <param name="stage">Where.</param>
    /// <param name="render">Changes what is sent; null: nothing is changed.</param>
    /// <param name="afterTurn">What happens between turns.</param>
    private static IReadOnlyList<TraceRequest> Play(ChatStage stage, Action<ChatBody>? render, Action? afterTurn = null)
    {
        for (var turn = 0; turn < Turns; turn++)
        {
            stage.Turn(() =>
            {
                var body = stage.Body.Copy();
                render?.Invoke(body);
                return body;
            });
            afterTurn?.Invoke();
            stage.Think();
        }

        return stage.Sent;
    }
}
