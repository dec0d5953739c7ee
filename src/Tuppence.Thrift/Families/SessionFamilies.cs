using Tuppence.Thrift.Traces;

namespace Tuppence.Thrift.Families;

/// <summary>Windows that are full, long pauses, several who speak.</summary>
internal static class SessionFamilies
{
    /// <summary>The oldest messages fall off the front: windows of 16k, 32k and 200k tokens by the seed.</summary>
    public static IReadOnlyList<TraceRequest> FullContext(ChatStage stage, int seed)
    {
        var window = (seed % 3) switch { 0 => 16_000, 1 => 32_000, _ => 200_000 };
        while (stage.Body.Tokens < window * 0.9)
        {
            stage.Body.Messages.Add(new ChatMessage(stage.Body.Messages.Count % 2 == 1, stage.Prose.Answer()));
        }

        Pair(stage);
        for (var turn = 0; turn < (window > 100_000 ? 40 : 80); turn++)
        {
            stage.Turn(() =>
            {
                var body = stage.Body.Copy();
                var tokens = body.Tokens;
                while (tokens > window)
                {
                    tokens -= (int)((body.Messages[0].Blocks.Sum(static block => block.Json.Length) - 25) / 3.6);
                    body.Messages.RemoveAt(0);
                }

                return body;
            });
            stage.Think();
        }

        return stage.Sent;
    }

    /// <summary>Bursts of a few turns, hours and days between them.</summary>
    public static IReadOnlyList<TraceRequest> LongPauses(ChatStage stage)
    {
        for (var turn = 0; turn < 60; turn++)
        {
            stage.Turn();
            stage.Think();
            if (stage.Dice.Chance(0.15))
            {
                stage.Wait(stage.Dice.Between(6 * 3600, 60 * 3600));
            }
        }

        return stage.Sent;
    }

    /// <summary>A chat that grows over the 100,000 tokens from which on Haiku 5.5 costs five times as much.</summary>
    public static IReadOnlyList<TraceRequest> AroundHaikusStep(ChatStage stage)
    {
        stage.Body.Model = "claude-haiku-5-5";
        while (stage.Body.Tokens < 90_000)
        {
            stage.Body.Messages.Add(new ChatMessage(stage.Body.Messages.Count % 2 == 1, stage.Prose.Answer()));
        }

        Pair(stage);
        for (var turn = 0; turn < 40; turn++)
        {
            stage.Turn();
            stage.Think();
        }

        return stage.Sent;
    }

    /// <summary>A group: who answers changes in two of five answers, and with him main prompt and card.</summary>
    public static IReadOnlyList<TraceRequest> GroupChat(ChatStage stage)
    {
        var cards = Enumerable.Range(0, 3).Select(_ => (Main: stage.Prose.Of(160), Card: stage.Prose.Of(850))).ToArray();
        var speaker = 0;
        for (var turn = 0; turn < 70; turn++)
        {
            if (stage.Dice.Chance(0.4))
            {
                speaker = (speaker + stage.Dice.Between(1, 2)) % 3;
            }

            stage.Turn(() =>
            {
                var body = stage.Body.Copy();
                (body.System[0], body.System[2]) = cards[speaker];
                return body;
            });
            stage.Think();
        }

        return stage.Sent;
    }

    /// <summary>Several answers to each turn are asked for at once.</summary>
    public static IReadOnlyList<TraceRequest> ParallelSwipes(ChatStage stage)
    {
        for (var turn = 0; turn < 40; turn++)
        {
            stage.Body.Messages.Add(new ChatMessage(isUser: true, stage.Prose.UserTurn()));
            for (var others = stage.Dice.Between(0, 2); others > 0; others--)
            {
                stage.Send(stage.Body, "swipe", stage.Prose.Answer(), isAwaited: false);
            }

            var reply = stage.Prose.Answer();
            stage.Send(stage.Body, "send", reply);
            stage.Body.Messages.Add(new ChatMessage(isUser: false, reply));
            stage.Think();
        }

        return stage.Sent;
    }

    /// <summary>Four chats with the same card, in turns; each goes on for a while before the next is taken up.</summary>
    public static IReadOnlyList<TraceRequest> Interleaved(ChatStage stage)
    {
        var greeting = stage.Body.Messages.ToArray();
        var chats = Enumerable.Range(0, 4).Select(_ => greeting.ToList()).ToArray();
        var current = 0;
        for (var turn = 0; turn < 100; turn++)
        {
            if (stage.Dice.Chance(0.3))
            {
                current = stage.Dice.Between(0, chats.Length - 1);
            }

            stage.Body.Messages.Clear();
            stage.Body.Messages.AddRange(chats[current]);
            stage.Turn();
            chats[current] = [.. stage.Body.Messages];
            stage.Think();
        }

        return stage.Sent;
    }

    // The next to speak is the user.
    private static void Pair(ChatStage stage)
    {
        if (stage.Body.Messages[^1].IsUser)
        {
            stage.Body.Messages.Add(new ChatMessage(isUser: false, stage.Prose.Answer()));
        }
    }
}
