using System.Text.Json;
using Tuppence.Accounting;
using Tuppence.Dashboard.Json;
using Tuppence.Dashboard.Requests;
using Tuppence.Exchange;
using Tuppence.State.Ledger;
using Tuppence.Thrift;
using Tuppence.Thrift.Accounts;

namespace Tuppence.Dashboard.Conversations;

/// <summary><c>/tuppence/api/conversations</c>: what each conversation cost turn by turn, why, and the level it is planned at.</summary>
internal sealed class ConversationCalls(GatewayState state)
{
    private const int MostTurns = 500;

    /// <summary>Lists them, the latest first. <c>before</c> is the id or the <c>latest</c> of the last of the page before.</summary>
    public async Task ListAsync(ApiCall call)
    {
        var (query, problem) = RowQuery.Of(call);
        if (query is null)
        {
            await call.RefuseAsync(problem!);
            return;
        }

        if (query.Before is { } before && before.Contains('T', StringComparison.Ordinal) && RowQuery.TryMoment(before, out var moment))
        {
            // Rows before a moment: of each conversation what it was by then.
            query = query with { Before = null, Until = moment };
        }

        var list = await state.Ledger.ConversationsAsync(query, call.Cancellation);
        await Answers.ObjectAsync(call.Context, json =>
        {
            json.WriteStartArray("conversations"u8);
            foreach (var conversation in list)
            {
                LedgerJson.Write(json, conversation);
            }

            json.WriteEndArray();
        });
    }

    /// <summary>Shows one.</summary>
    public async Task ShowAsync(ApiCall call)
    {
        var id = call.Segments[1];
        var one = new LedgerQuery { Conversation = id, Limit = 1 };
        await state.Ledger.SettleAsync(state.Time, call.Cancellation);
        if (await state.Ledger.ConversationsAsync(one, call.Cancellation) is not [{ } conversation, ..])
        {
            await call.NotFoundAsync("There is no conversation of that id in the ledger.");
            return;
        }

        var page = await state.Ledger.ReadAsync(one with { Limit = MostTurns }, call.Cancellation);
        var turns = page.Entries.Where(static entry => entry.Turn is not null).Reverse().ToList();
        var account = state.Dashboard.Numbers.Of(id) is { } number ? state.Cache.Accounts?.Find(number) : null;
        var chosen = state.Dashboard.Levels.Of(id);
        var present = chosen is { } own ? LevelNames.NameOf(own) : turns.LastOrDefault()?.Turn!.Level;
        await Answers.ObjectAsync(call.Context, json =>
        {
            json.WritePropertyName("conversation"u8);
            LedgerJson.Write(json, conversation);
            json.WriteStartArray("turns"u8);
            foreach (var turn in turns)
            {
                LedgerJson.Write(json, turn);
            }

            json.WriteEndArray();
            WriteCauses(json, turns);
            WriteAdvice(json, account?.Advice ?? []);
            json.WriteString("level"u8, chosen is { } level ? LevelNames.NameOf(level) : null);
            WriteLevels(json, account?.Advice ?? [], present);
        });
    }

    /// <summary>Has the later turns planned at another level, or as configured.</summary>
    public async Task ChooseAsync(ApiCall call)
    {
        if (await call.ReadAsync() is not { } body)
        {
            return;
        }

        using (body)
        {
            var (id, word) = (call.Segments[1], body.RootElement.TextOf("level"));
            var level = word is null ? null : LevelNames.Parse(word);
            if (!body.RootElement.TryGetProperty("level", out var given) || (given.ValueKind != JsonValueKind.Null && level is null or CacheLevel.Off))
            {
                await call.RefuseAsync($"level is one of {string.Join(", ", Offered)}, or null for what is configured.");
                return;
            }

            if ((await state.Ledger.ConversationsAsync(new LedgerQuery { Conversation = id, Limit = 1 }, call.Cancellation)).Count == 0)
            {
                await call.NotFoundAsync("There is no conversation of that id in the ledger.");
                return;
            }

            state.Dashboard.Levels.Set(id, level);
        }

        await ShowAsync(call);
    }

    // A conversation at “off” is not planned, so that nothing would be known of its turns.
    private static IEnumerable<string> Offered => LevelNames.All.Where(static name => LevelNames.Parse(name) != CacheLevel.Off);

    private static void WriteCauses(Utf8JsonWriter json, List<LedgerEntry> turns)
    {
        json.WriteStartArray("causes"u8);
        var broken = turns.Select(static entry => entry.Turn!).Where(static turn => turn.Cause is not (BreakCause.Nothing or BreakCause.First));
        foreach (var group in broken.GroupBy(static turn => turn.Cause).OrderByDescending(static group => group.Sum(static turn => turn.BrokenCost)))
        {
            json.WriteStartObject();
            json.WriteString("cause"u8, LedgerJson.WordOf(group.Key));
            json.WriteString("text"u8, CauseWords.Of(group.Key));
            json.WriteNumber("turns"u8, group.Count());
            json.WriteNumber("tokens"u8, group.Sum(static turn => (long)turn.BrokenTokens));
            json.WriteNumber("cost"u8, group.Sum(static turn => turn.BrokenCost));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAdvice(Utf8JsonWriter json, IReadOnlyList<Advice> list)
    {
        json.WriteStartArray("advice"u8);
        foreach (var advice in list)
        {
            json.WriteStartObject();
            json.WriteString("text"u8, advice.Text);
            json.WriteString("level"u8, advice.Level is { } level ? LevelNames.NameOf(level) : null);
            json.WriteNumber("costPer100"u8, advice.CostPer100);
            json.WriteNumber("savingPer100"u8, advice.SavingPer100);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLevels(Utf8JsonWriter json, IReadOnlyList<Advice> advice, string? present)
    {
        json.WriteStartArray("levels"u8);
        foreach (var name in Offered)
        {
            var level = LevelNames.Parse(name)!.Value;
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            json.WriteString("text"u8, TextOf(level));
            if (name == present)
            {
                json.WriteNumber("savingPer100"u8, 0);
            }
            else if (LevelSavings.Of(level, advice) is { } saving)
            {
                json.WriteNumber("savingPer100"u8, saving);
            }
            else
            {
                json.WriteNull("savingPer100"u8);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string TextOf(CacheLevel level) => level switch
    {
        CacheLevel.Respect => "The client's own breakpoints stand.",
        CacheLevel.Markers => "Only cache_control is added, moved and removed; every text stays as it is.",
        CacheLevel.Split => "Blocks are cut where their beginning is stable; together they say the same.",
        CacheLevel.Relocate => "Text that keeps changing is carried behind the history.",
        CacheLevel.Window => "What the front end dropped from the start of the chat stays for a while.",
        CacheLevel.RelocateWindow => "Both: changing text goes behind the history, and dropped messages stay for a while.",
        _ => "",
    };
}
