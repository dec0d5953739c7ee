using System.Globalization;
using System.Text;
using Tuppence.Thrift;
using Tuppence.Thrift.Families;
using Tuppence.Thrift.Traces;

namespace Tuppence.Tests.Properties.Thrift;

/// <summary>Makes up a chat as SillyTavern sends it: where each thing stands is taken from recorded requests, what is in them is not.</summary>
internal sealed class TavernChat(TavernHabits habits, int seed)
{
    private static readonly string[] Names = ["Maren", "Tomas", "Ilse"];
    private static readonly string[] Keys = ["river", "ferry", "lantern", "harbor", "letter", "rope", "cellar", "candle", "coat", "map", "tower", "kitchen", "winter", "orchard", "bridge", "captain"];

    private readonly Dice dice = new((ulong)((seed * 7919) + 13));
    private readonly List<TraceRequest> sent = [];
    private readonly List<Line> lines = [];
    private (string Key, string Text, double Rate, int Left, bool IsDeep)[] lore = [];
    private string[] cards = [];
    private string[] examples = [];
    private Prose prose = null!;
    private string main = "", persona = "", note = "", summary = "";
    private double now;
    private int calls;

    private sealed record Line(bool IsUser, string Text)
    {
        public string Text { get; set; } = Text;

        public bool IsHidden { get; set; }

        public (string Call, string Result)? Tool { get; set; }
    }

    /// <summary>Plays it.</summary>
    public IReadOnlyList<TraceRequest> Play()
    {
        Begin();
        for (var turn = 0; turn < habits.Turns; turn++)
        {
            // Pauses stay below five minutes: how a bet on a longer one ends is no matter of rewriting.
            now += Math.Clamp(-45 * Math.Log(1 - dice.Fraction()), 3, 200);
            Change(turn);
            lines.Add(new Line(true, prose.UserTurn()));
            for (var who = 0; who < habits.Speakers; who++)
            {
                Answer(who);
            }

            Summarize(turn);
        }

        return sent;
    }

    private void Begin()
    {
        prose = new Prose(dice);
        (main, persona, note) = (prose.Of(150), prose.Of(30), prose.Of(30));
        cards = [prose.Of(600), prose.Of(500), prose.Of(700)];
        lore = [.. Enumerable.Range(0, habits.Lore + habits.DeepLore).Select(i => (dice.Of(Keys), prose.Of(70), dice.Chance(0.1) ? 1 : dice.Fraction() * 0.6, 0, i >= habits.Lore))];
        examples = [prose.Of(25), prose.Of(90), prose.Of(25), prose.Of(90)];
        lines.Add(new Line(false, prose.Answer()));
    }

    // What people do between turns.
    private void Change(int turn)
    {
        note = habits.NoteDepth >= 0 && turn % 15 == 14 ? prose.Of(30) : note;
        persona = habits.IsPersonaChanged && turn == habits.Turns / 2 ? prose.Of(30) : persona;
        if (habits.Edits > 0 && dice.Chance(habits.Edits) && lines.Count > 12)
        {
            lines[^dice.Between(1, 10)].Text = prose.Of(60);
        }

        if (habits.Deletions > 0 && dice.Chance(habits.Deletions) && lines.Count > 8)
        {
            lines.RemoveRange(lines.Count - 2, 2);
        }
    }

    private void Answer(int who)
    {
        Roll();
        var reply = Send(who);
        while (dice.Chance(habits.Swipes))
        {
            now += Math.Clamp(-15 * Math.Log(1 - dice.Fraction()), 3, 60);
            reply = Send(who);
        }

        lines.Add(new Line(false, habits.Speakers > 1 ? $"{Names[who]}: {reply}" : reply));
        if (dice.Chance(habits.Tools))
        {
            calls++;
            lines[^1].Tool = (ChatBlock.Call(calls, $"note{calls}.txt").Json, ChatBlock.Result(calls, prose.Of(50)).Json);
            lines.Add(new Line(false, Send(who)));
        }
    }

    private void Summarize(int turn)
    {
        if (habits.SummaryEvery == 0 || turn % habits.SummaryEvery != habits.SummaryEvery - 1)
        {
            return;
        }

        Send(0, "Ignore previous instructions. Summarize the most important facts and events in the chat so far.");
        summary = summary.Length > 0 && dice.Chance(0.5) ? $"{summary} {prose.Of(120)}" : prose.Of(120);
        for (var i = 0; habits.IsHiding && i < lines.Count - 10; i++)
        {
            lines[i].IsHidden = true;
        }
    }

    // Lore comes up when one of the last two lines names it, and some of it stays for three turns.
    private void Roll()
    {
        var recent = string.Join(' ', lines.TakeLast(2).Select(line => line.Text));
        for (var i = 0; i < lore.Length; i++)
        {
            ref var entry = ref lore[i];
            var comes = recent.Contains(entry.Key, StringComparison.OrdinalIgnoreCase) && dice.Chance(entry.Rate);
            entry.Left = entry.Rate >= 1 ? 1 : comes ? dice.Chance(0.3) ? 3 : 1 : entry.Left - 1;
        }
    }

    private string Send(int who, string quiet = "")
    {
        var reply = prose.Answer();
        sent.Add(new TraceRequest(DateTimeOffset.UnixEpoch.AddSeconds(Math.Round(now, 1)), "", Encoding.UTF8.GetBytes(Request(who, quiet)), reply.Length));
        now += 1.5 + (reply.Length / 3.6 / 60);
        return reply;
    }

    private string Request(int who, string quiet)
    {
        var system = Head(who);
        var budget = habits.Limit == 0 ? int.MaxValue : habits.Limit - 1024 - system.Sum(Tokens) - 200;
        var taken = new List<Line>();
        for (var i = lines.Count - 1; i >= 0 && (lines[i].IsHidden || (budget -= Tokens(lines[i].Text)) >= 0); i--)
        {
            if (!lines[i].IsHidden)
            {
                taken.Insert(0, lines[i]);
            }
        }

        // Examples come and go with what the budget leaves.
        for (var i = 0; i < examples.Length && (budget -= Tokens(examples[i]) + Tokens(examples[i + 1])) >= 0; i += 2)
        {
            system.AddRange(["[Example Chat]", examples[i], examples[i + 1]]);
        }

        system.Add("[Start a new Chat]");
        return Write(system, taken, quiet);
    }

    private List<string> Head(int who)
    {
        var time = DateTimeOffset.UnixEpoch.AddSeconds(1.7e9 + now).ToString("h:mm tt", CultureInfo.InvariantCulture);
        var card = habits.HasMacros ? $"It is {time} now. The mood is {dice.Of((string[])["bright", "gloomy", "tense", "tender"])}. {cards[who]}" : cards[who];
        string[] active = [.. lore.Where(entry => entry.Left > 0 && !entry.IsDeep).Select(entry => entry.Text)];
        var shown = lines.Where(line => !line.IsHidden).ToList();
        List<string> head =
        [
            main,
            habits.HasVectors && shown.Count > 12 ? "Past events: " + string.Join("\n\n", Enumerable.Range(0, 3).Select(_ => shown[dice.Between(0, shown.Count - 8)].Text).Distinct(StringComparer.Ordinal)) : "",
            summary.Length > 0 ? $"[Summary: {summary}]" : "",
            string.Join('\n', active.Take(active.Length / 2)),
            persona,
            card,
            string.Join('\n', active.Skip(active.Length / 2)),
        ];
        head.RemoveAll(string.IsNullOrEmpty);
        return head;
    }

    private string Write(List<string> system, List<Line> taken, string quiet)
    {
        var messages = new List<(bool IsUser, List<string> Blocks)>();
        void Add(bool isUser, string block)
        {
            if (messages.Count > 0 && messages[^1].IsUser == isUser)
            {
                messages[^1].Blocks.Add(block);
                return;
            }

            messages.Add((isUser, [block]));
        }

        var isSquashed = habits.IsWithoutSystem;
        foreach (var block in isSquashed ? system : [])
        {
            Add(true, ChatBlock.Text(block).Json);
        }

        var deep = string.Join('\n', lore.Where(entry => entry.Left > 0 && entry.IsDeep).Select(entry => entry.Text));
        for (var i = 0; i < taken.Count; i++)
        {
            var depth = taken.Count - i;
            if (depth == habits.NoteDepth)
            {
                Add(true, ChatBlock.Text(note).Json);
            }

            if (depth == habits.LoreDepth && deep.Length > 0)
            {
                Add(true, ChatBlock.Text(deep).Json);
            }

            Add(taken[i].IsUser, ChatBlock.Text(taken[i].Text).Json);
            if (taken[i].Tool is var (call, result))
            {
                Add(false, call);
                Add(true, result);
            }
        }

        if (quiet.Length > 0)
        {
            Add(true, ChatBlock.Text(quiet).Json);
        }

        var json = string.Join(',', messages.Select(message => $$"""{"role":"{{(message.IsUser ? "user" : "assistant")}}","content":[{{string.Join(',', message.Blocks)}}]}"""));
        var head = isSquashed ? "" : $"\"system\":[{string.Join(',', system.Select(static text => ChatBlock.Text(text).Json))}],";
        return $$"""{"model":"{{habits.Model}}","max_tokens":1024,"stream":true,{{head}}"messages":[{{json}}]}""";
    }

    private static int Tokens(string text) => (text.Length * 10 / 36) + 8;
}
